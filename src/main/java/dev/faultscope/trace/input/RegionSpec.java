package dev.faultscope.trace.input;

import dev.faultscope.model.Backing;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A region as a person tells it: {@code 0xBASE+SIZE=NAME[@0xGPA]}.
 *
 * @param name what to call it
 * @param base host virtual address of its first byte, a multiple of 4096
 * @param size bytes, a positive multiple of 4096
 * @param gpaBase guest physical address of its first byte, or {@link Region#NO_GPA}
 * @param backing what backs it
 * @param modes registration modes, 0 where unknown
 * @param registered whether a userfaultfd may answer its faults
 */
public record RegionSpec(
    String name,
    long base,
    long size,
    long gpaBase,
    Backing backing,
    int modes,
    boolean registered) {
  private static final Pattern FORM =
      Pattern.compile(
          "(0[xX][0-9a-fA-F]{1,16})\\+(0[xX][0-9a-fA-F]{1,16}|\\d{1,19}[KkMmGgTt]?)=([^@]+)"
              + "(?:@(0[xX][0-9a-fA-F]{1,16}))?");

  public RegionSpec {
    if (name.isBlank() || name.length() > 100) {
      throw new IllegalArgumentException("a region's name has 1 to 100 characters");
    }
    requireAligned(name, "base", base);
    requireAligned(name, "size", size);
    if (gpaBase != Region.NO_GPA) {
      requireAligned(name, "guest physical base", gpaBase);
    }
    if (size <= 0 || size / Region.PAGE_BYTES > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "region " + name + ": the size is not in 4 KiB .. 8 TiB: " + size);
    }
  }

  /**
   * {@return the region a {@code --region} argument tells}
   *
   * @throws IllegalArgumentException saying what is wrong, if the text has another form
   */
  public static RegionSpec parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "region '"
              + text
              + "' is not of the form 0xBASE+SIZE=NAME[@0xGPA], e.g. 0x7f0000000000+64M=ram@0x0");
    }
    String gpa = matcher.group(4);
    return new RegionSpec(
        matcher.group(3),
        address(matcher.group(1)),
        bytes(matcher.group(2)),
        gpa == null ? Region.NO_GPA : address(gpa),
        Backing.UNKNOWN,
        0,
        true);
  }

  /**
   * Checks that regions can be told of one recording.
   *
   * @throws TraceException naming two that overlap, or saying that they are too many or too large
   */
  public static void requireTogether(List<RegionSpec> regions) throws TraceException {
    if (regions.size() > Region.MAX_REGIONS) {
      throw new TraceException("more than " + Region.MAX_REGIONS + " regions");
    }
    long pages = 0;
    List<RegionSpec> sorted = new ArrayList<>(regions);
    sorted.sort((a, b) -> Long.compareUnsigned(a.base, b.base));
    for (int i = 0; i < sorted.size(); i++) {
      RegionSpec spec = sorted.get(i);
      pages += spec.size / Region.PAGE_BYTES;
      if (i > 0 && spec.base - sorted.get(i - 1).base < sorted.get(i - 1).size) {
        throw new TraceException(
            "regions " + sorted.get(i - 1).name + " and " + spec.name + " overlap");
      }
    }
    if (pages > Integer.MAX_VALUE) {
      throw new TraceException("the regions are larger than 8 TiB together");
    }
  }

  /**
   * {@return the model's region with an index; what its pages were at the start, a trace does not
   * tell}
   */
  public Region toRegion(int index, boolean inferred) {
    return new Region(
        index,
        name,
        base,
        gpaBase,
        (int) (size / Region.PAGE_BYTES),
        backing,
        modes,
        inferred,
        PageState.UNKNOWN);
  }

  static long address(String text) {
    return Long.parseUnsignedLong(text.substring(2), 16);
  }

  private static long bytes(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("0x")) {
      return address(lower);
    }
    int unit = "kmgt".indexOf(lower.charAt(lower.length() - 1));
    try {
      long number = Long.parseLong(unit < 0 ? lower : lower.substring(0, lower.length() - 1));
      return Math.multiplyExact(number, 1L << (10 * (unit + 1)));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("size '" + text + "' is too large", e);
    }
  }

  private static void requireAligned(String name, String what, long value) {
    if (value % Region.PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "region "
              + name
              + ": the "
              + what
              + " 0x"
              + Long.toHexString(value)
              + " is not a multiple of 4096");
    }
  }
}
