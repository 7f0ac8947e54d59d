package dev.faultscope.model;

/** Where an access came from: the detail of a {@link EventKind#TOUCH}. */
public enum AccessOrigin {
  UNKNOWN(0, "unknown", "access of unknown origin"),
  USER(1, "user", "user-mode access"),
  KERNEL(2, "kernel", "kernel access on behalf of a system call"),
  STAGE2(3, "stage 2", "guest access through stage 2"),
  KVM(4, "KVM", "access by KVM itself"),
  VMM(5, "VMM", "access by the VMM");

  private final int code;
  private final String word;
  private final String text;

  AccessOrigin(int code, String word, String text) {
    this.code = code;
    this.word = word;
    this.text = text;
  }

  /** {@return the code in an event's detail field, 0 to 255} */
  public int code() {
    return code;
  }

  /** {@return the value in a few words, for a row of a table} */
  public String word() {
    return word;
  }

  /** {@return the value in words, as the narrator says it} */
  public String text() {
    return text;
  }

  /** {@return the value with a code, or {@link #UNKNOWN} where none has it} */
  public static AccessOrigin ofCode(int code) {
    for (AccessOrigin value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
