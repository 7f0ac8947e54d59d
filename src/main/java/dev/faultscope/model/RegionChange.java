package dev.faultscope.model;

/** What happened to a region: the detail of a {@link EventKind#REGION}. */
public enum RegionChange {
  UNKNOWN(0, "region changed"),
  APPEARED(1, "region appears"),
  REGISTERED(2, "registered with a userfaultfd"),
  UNREGISTERED(3, "unregistered"),
  GONE(4, "region disappears");

  private final int code;
  private final String text;

  RegionChange(int code, String text) {
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
  public static RegionChange ofCode(int code) {
    for (RegionChange value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
