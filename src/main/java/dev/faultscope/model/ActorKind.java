package dev.faultscope.model;

/** What an actor is. */
public enum ActorKind {
  UNKNOWN(0, "thread"),
  VCPU(1, "vCPU"),
  THREAD(2, "thread"),
  HANDLER(3, "handler"),
  KVM(4, "KVM-internal"),
  KERNEL(5, "kernel");

  private final int code;
  private final String text;

  ActorKind(int code, String text) {
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
  public static ActorKind ofCode(int code) {
    for (ActorKind value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
