package dev.faultscope.model;

import java.util.Locale;

/**
 * What a fault waits for: the detail of its {@link EventKind#ENQUEUE}, {@link EventKind#READ} and
 * {@link EventKind#WAKE}. A fault of a guest that then waited in a userfaultfd is one fault, of
 * {@link #UFFD}.
 */
public enum FaultOrigin {
  /** A userfaultfd: its thread sleeps until a handler wakes it. */
  UFFD(0, "userfaultfd"),
  /** KVM's stage 2: from the exit for memory to the next entry of the guest. */
  STAGE2(3, "stage 2"),
  /** KVM's own access to guest memory, in the host's fault path. */
  KVM(4, "KVM"),
  /** The host's fault path, of a thread that meets no userfaultfd. */
  HOST(6, "host");

  private static final FaultOrigin[] BY_CODE = new FaultOrigin[8];

  static {
    for (FaultOrigin origin : values()) {
      BY_CODE[origin.code] = origin;
    }
  }

  private final int code;
  private final String word;

  FaultOrigin(int code, String word) {
    this.code = code;
    this.word = word;
  }

  /**
   * {@return the code in an event's detail field, 0 to 7; where a {@link AccessOrigin} means the
   * same, it has the same code}
   */
  public int code() {
    return code;
  }

  /** {@return its short name, in tables and JSON} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return the value in a few words} */
  public String word() {
    return word;
  }

  /**
   * {@return the value of a short name}
   *
   * @throws IllegalArgumentException if there is none
   */
  public static FaultOrigin named(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }

  /**
   * {@return the value with a code, or {@link #UFFD} where none has it: older files have no other}
   */
  public static FaultOrigin ofCode(int code) {
    FaultOrigin origin = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    return origin == null ? UFFD : origin;
  }
}
