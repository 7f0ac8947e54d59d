package dev.faultscope.model;

/** How pages were taken away: the detail of a {@link EventKind#HOLE}. */
public enum HoleKind {
  UNKNOWN(0, "pages taken away"),
  PUNCH_HOLE(1, "fallocate(PUNCH_HOLE)"),
  DONTNEED(2, "madvise(MADV_DONTNEED)"),
  REMOVE(3, "madvise(MADV_REMOVE)"),
  FREE(4, "madvise(MADV_FREE)"),
  UNMAP(5, "munmap"),
  TRUNCATE(6, "truncate"),
  CONVERT(7, "private/shared conversion"),
  STAGE2_ZAP(8, "taking stage-2 entries away");

  private final int code;
  private final String text;

  HoleKind(int code, String text) {
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

  /** {@return the value with a code, or {@link #UNKNOWN} where none has it} */
  public static HoleKind ofCode(int code) {
    for (HoleKind value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
