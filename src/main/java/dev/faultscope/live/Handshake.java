package dev.faultscope.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Firecracker's description of guest memory, all versions: a JSON array with an object for each
 * region, sent in one message with the userfaultfd.
 *
 * <p>Fields that are not known are ignored. The page size is {@code page_size}, else {@code
 * page_size_kib} (whose name is wrong: its value is in bytes), else 4096.
 */
public final class Handshake {
  /** Room for the message: some 600 regions. */
  public static final int MOST_BYTES = 64 * 1024;

  private static final long HIGHEST_ADDRESS = 1L << 56;

  private Handshake() {}

  /**
   * {@return the regions described}
   *
   * @throws HandshakeException saying which field of which region is wrong
   */
  public static List<GuestRegion> parse(byte[] message) throws HandshakeException {
    if (!(Json.parse(message) instanceof List<?> elements) || elements.isEmpty()) {
      throw new HandshakeException("the handshake should be an array with at least one region");
    }
    List<GuestRegion> regions = new ArrayList<>();
    for (Object element : elements) {
      if (!(element instanceof Map<?, ?> fields)) {
        throw new HandshakeException("region " + regions.size() + " should be an object");
      }
      GuestRegion region = region(fields, regions.size());
      for (GuestRegion other : regions) {
        if (region.base() < other.base() + other.size()
            && other.base() < region.base() + region.size()) {
          throw new HandshakeException(
              "region " + regions.size() + " overlaps region " + regions.indexOf(other));
        }
      }
      regions.add(region);
    }
    return List.copyOf(regions);
  }

  private static GuestRegion region(Map<?, ?> fields, int index) throws HandshakeException {
    long pageSize =
        fields.containsKey("page_size")
            ? number(fields, "page_size", index)
            : fields.containsKey("page_size_kib") ? number(fields, "page_size_kib", index) : 4096;
    if (pageSize < 4096 || Long.bitCount(pageSize) != 1 || pageSize > 1L << 30) {
      throw new HandshakeException(
          "region " + index + ": a page of " + pageSize + " bytes; 4096 to 1 GiB, a power of two");
    }
    long base = number(fields, "base_host_virt_addr", index);
    long size = number(fields, "size", index);
    long offset = number(fields, "offset", index);
    if (base % pageSize != 0 || size % pageSize != 0 || offset % 4096 != 0 || size == 0) {
      throw new HandshakeException(
          "region %d: 0x%x, %d bytes at offset %d is not whole pages of %d bytes"
              .formatted(index, base, size, offset, pageSize));
    }
    if (base > HIGHEST_ADDRESS || size > HIGHEST_ADDRESS - base || offset > HIGHEST_ADDRESS) {
      throw new HandshakeException("region " + index + " lies beyond any address space");
    }
    if (size / 4096 > Integer.MAX_VALUE) {
      throw new HandshakeException("region " + index + " has more than 8 TiB");
    }
    long gpa = fields.containsKey("gpa_start") ? number(fields, "gpa_start", index) : -1;
    return new GuestRegion(
        base, size, offset, pageSize, gpa, Boolean.TRUE.equals(fields.get("is_guest_memfd")));
  }

  private static long number(Map<?, ?> fields, String name, int index) throws HandshakeException {
    @Nullable Object value = fields.get(name);
    if (value instanceof Long number && number >= 0) {
      return number;
    }
    throw new HandshakeException(
        "region %d: %s should be a whole number, not negative, and is %s"
            .formatted(index, name, value));
  }

  /**
   * {@return the message of a peer with these regions, in the fields of Firecracker 1.12 and later}
   */
  public static byte[] encode(List<GuestRegion> regions) {
    StringBuilder json = new StringBuilder("[");
    for (GuestRegion region : regions) {
      json.append(json.length() > 1 ? "," : "")
          .append("{\"base_host_virt_addr\":")
          .append(region.base())
          .append(",\"size\":")
          .append(region.size())
          .append(",\"offset\":")
          .append(region.offset());
      if (region.gpa() >= 0) {
        json.append(",\"gpa_start\":").append(region.gpa());
      }
      json.append(",\"page_size\":").append(region.pageSize());
      if (region.guestMemfd()) {
        json.append(",\"is_guest_memfd\":true");
      }
      json.append(",\"page_size_kib\":").append(region.pageSize()).append('}');
    }
    return json.append(']').toString().getBytes(StandardCharsets.UTF_8);
  }
}
