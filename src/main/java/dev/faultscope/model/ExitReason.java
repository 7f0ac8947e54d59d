package dev.faultscope.model;

/**
 * Why a vCPU left the guest: the detail of an {@link EventKind#EXIT}; the KVM_EXIT_* number where
 * one exists below 128, else ours.
 */
public enum ExitReason {
  UNKNOWN(0, "exit of unknown reason"),
  EXCEPTION(1, "exception"),
  IO(2, "port I/O"),
  DEBUG(4, "debug"),
  HLT(5, "halt"),
  MMIO(6, "MMIO"),
  SHUTDOWN(8, "shutdown"),
  FAIL_ENTRY(9, "entry failed"),
  INTR(10, "interrupted by a signal"),
  INTERNAL_ERROR(17, "internal error"),
  MEMORY_FAULT(39, "memory fault"),
  STAGE2_FAULT(128, "stage-2 fault"),
  INTERRUPT(129, "interrupt"),
  MMIO_ACCESS(130, "MMIO access handled"),
  ENTRY(131, "guest entered"),
  RESTART(132, "interrupted, to be restarted"),
  ERROR(133, "KVM_RUN failed"),
  STAGE2_MISCONFIG(134, "MMIO marker in stage 2");

  private final int code;
  private final String text;

  ExitReason(int code, String text) {
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
  public static ExitReason ofCode(int code) {
    for (ExitReason value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
