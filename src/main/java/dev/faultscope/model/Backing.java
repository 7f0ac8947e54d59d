package dev.faultscope.model;

/** What backs a region's memory. */
public enum Backing {
  UNKNOWN(0, "unknown"),
  ANON(1, "anon"),
  MEMFD(2, "memfd"),
  MEMFD_PRIVATE(3, "memfd, private"),
  HUGETLB(4, "hugetlb"),
  GUEST_MEMFD(5, "guest_memfd"),
  FILE(6, "file");

  private final int code;
  private final String text;

  Backing(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** {@return the code in an event's detail field, 0 to 255} */
  public int code() {
    return code;
  }

  /** {@return the value in words, as the narrator says it} */
  public String text() {
    return text;
  }

  /** {@return whether a page that is mapped from it is in the cache of its file} */
  public boolean mapsCache() {
    return switch (this) {
      case MEMFD, HUGETLB, GUEST_MEMFD, FILE -> true;
      case ANON, MEMFD_PRIVATE, UNKNOWN -> false;
    };
  }

  /** {@return the value with a code, or {@link #UNKNOWN} where none has it} */
  public static Backing ofCode(int code) {
    for (Backing value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
