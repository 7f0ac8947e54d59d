package dev.faultscope.live.attach;

import dev.faultscope.model.Region;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

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
  private static final int DEEPEST = 16;
  private static final int LONGEST_NUMBER = 64;

  /** A handshake is untrusted: no guess at its encoding, nothing said twice, all within bounds. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(MOST_BYTES)
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(LONGEST_NUMBER)
                  .build())
          .build();

  private final JsonParser json;

  private Handshake(JsonParser json) {
    this.json = json;
  }

  /**
   * {@return the regions described}
   *
   * @throws HandshakeException saying at which byte and in which field of which region it is wrong,
   *     and what is wanted there
   */
  public static List<GuestRegion> parse(byte[] message) throws HandshakeException {
    demandUtf8(message);
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), message)) {
      return new Handshake(json).parsed();
    }
  }

  private List<GuestRegion> parsed() throws HandshakeException {
    try {
      return regions();
    } catch (JacksonException notJson) {
      String problem =
          notJson instanceof UnexpectedEndOfInputException
              ? "it ends too early"
              : notJson.getOriginalMessage();
      TokenStreamLocation at =
          notJson.getLocation() == null ? json.currentLocation() : notJson.getLocation();
      throw new HandshakeException(
          "the handshake's JSON is wrong at byte %d: %s; a peer sends an array with an object for"
                  .formatted(at.getByteOffset(), problem)
              + " each region, and nothing more",
          notJson);
    }
  }

  /** The parser takes some malformed sequences for characters. */
  private static void demandUtf8(byte[] message) throws HandshakeException {
    ByteBuffer bytes = ByteBuffer.wrap(message);
    try {
      CharBuffer _ = StandardCharsets.UTF_8.newDecoder().decode(bytes);
    } catch (CharacterCodingException notText) {
      throw new HandshakeException(
          "the handshake is not UTF-8 text at byte %d; a peer sends JSON"
              .formatted(bytes.position()),
          notText);
    }
  }

  private List<GuestRegion> regions() throws HandshakeException {
    List<GuestRegion> regions = new ArrayList<>();
    if (json.nextToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        GuestRegion region = region(regions.size());
        demandApart(region, regions);
        regions.add(region);
      }
    }
    if (regions.isEmpty()) {
      throw new HandshakeException("the handshake should be an array with at least one region");
    }
    if (json.nextToken() != null) {
      throw new HandshakeException(
          "the handshake should end with its array, and has more at byte " + position());
    }
    return List.copyOf(regions);
  }

  private static void demandApart(GuestRegion region, List<GuestRegion> others)
      throws HandshakeException {
    for (GuestRegion other : others) {
      if (region.base() < other.base() + other.size()
          && other.base() < region.base() + region.size()) {
        throw new HandshakeException(
            "region %d overlaps region %d; a page belongs to one region"
                .formatted(others.size(), others.indexOf(other)));
      }
    }
  }

  private GuestRegion region(int index) throws HandshakeException {
    if (!json.isExpectedStartObjectToken()) {
      throw new HandshakeException(
          "region %d, at byte %d, should be an object".formatted(index, position()));
    }
    Map<String, Long> numbers = new HashMap<>();
    boolean guestMemfd = false;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "base_host_virt_addr", "size", "offset", "page_size", "page_size_kib", "gpa_start" ->
            numbers.put(name, number(name, value, index));
        case "is_guest_memfd" -> guestMemfd = value == JsonToken.VALUE_TRUE;
        default -> {}
      }
      json.skipChildren();
    }
    return region(numbers, guestMemfd, index);
  }

  private long number(String name, JsonToken token, int index) throws HandshakeException {
    if (token == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
        && json.getLongValue() >= 0) {
      return json.getLongValue();
    }
    throw new HandshakeException(
        "region %d: %s should be a whole number, not negative and of at most 63 bits, and is %s at"
                .formatted(index, name, token.isNumeric() ? json.getString() : token)
            + " byte "
            + position());
  }

  private long position() {
    return json.currentTokenLocation().getByteOffset();
  }

  private static GuestRegion region(Map<String, Long> numbers, boolean guestMemfd, int index)
      throws HandshakeException {
    long pageSize =
        numbers.getOrDefault("page_size", numbers.getOrDefault("page_size_kib", Region.PAGE_BYTES));
    if (pageSize < Region.PAGE_BYTES || Long.bitCount(pageSize) != 1 || pageSize > 1L << 30) {
      throw new HandshakeException(
          "region " + index + ": a page of " + pageSize + " bytes; 4096 to 1 GiB, a power of two");
    }
    long base = needed(numbers, "base_host_virt_addr", index);
    long size = needed(numbers, "size", index);
    long offset = needed(numbers, "offset", index);
    if (base % pageSize != 0
        || size % pageSize != 0
        || offset % Region.PAGE_BYTES != 0
        || size == 0) {
      throw new HandshakeException(
          "region %d: 0x%x, %d bytes at offset %d is not whole pages of %d bytes"
              .formatted(index, base, size, offset, pageSize));
    }
    if (base > HIGHEST_ADDRESS || size > HIGHEST_ADDRESS - base || offset > HIGHEST_ADDRESS) {
      throw new HandshakeException("region " + index + " lies beyond any address space");
    }
    if (size / Region.PAGE_BYTES > Integer.MAX_VALUE) {
      throw new HandshakeException("region " + index + " has more than 8 TiB");
    }
    return new GuestRegion(
        base, size, offset, pageSize, numbers.getOrDefault("gpa_start", -1L), guestMemfd);
  }

  private static long needed(Map<String, Long> numbers, String name, int index)
      throws HandshakeException {
    Long number = numbers.get(name);
    if (number == null) {
      throw new HandshakeException("region %d: %s is missing".formatted(index, name));
    }
    return number;
  }

  /**
   * {@return the message of a peer with these regions, in the fields of Firecracker 1.12 and later}
   */
  public static byte[] encode(List<GuestRegion> regions) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartArray();
      for (GuestRegion region : regions) {
        json.writeStartObject();
        json.writeNumberProperty("base_host_virt_addr", region.base());
        json.writeNumberProperty("size", region.size());
        json.writeNumberProperty("offset", region.offset());
        if (region.gpa() >= 0) {
          json.writeNumberProperty("gpa_start", region.gpa());
        }
        json.writeNumberProperty("page_size", region.pageSize());
        if (region.guestMemfd()) {
          json.writeBooleanProperty("is_guest_memfd", true);
        }
        json.writeNumberProperty("page_size_kib", region.pageSize());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return bytes.toByteArray();
  }

  /**
   * {@return the body of {@code PUT /snapshot/load} after which Firecracker sends its handshake}
   *
   * @param socket where it is waited for
   */
  public static String request(Path socket) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("snapshot_path", "<snapshot file>");
      json.writeObjectPropertyStart("mem_backend");
      json.writeStringProperty("backend_type", "Uffd");
      json.writeStringProperty("backend_path", socket.toString());
      json.writeEndObject();
      json.writeBooleanProperty("resume_vm", true);
      json.writeEndObject();
    }
    return text.toString();
  }
}
