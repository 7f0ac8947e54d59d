package dev.faultscope.model;

/** A kernel event that is no fault: the detail of a {@link EventKind#KERNEL}. */
public enum KernelEventKind {
  UNKNOWN(0, "kernel event"),
  SCHED_IN(1, "runs on a CPU"),
  SCHED_OUT_SLEEP(2, "sleeps"),
  SCHED_OUT_PREEMPTED(3, "is preempted"),
  UFFD_FORK(4, "userfaultfd fork event"),
  UFFD_REMAP(5, "userfaultfd remap event"),
  UFFD_REMOVE(6, "userfaultfd remove event"),
  UFFD_UNMAP(7, "userfaultfd unmap event"),
  SIGNAL(8, "signal"),
  UFFD_CLOSE(9, "userfaultfd closed"),
  PAGE_TABLE_WALK(10, "KVM walks guest page tables"),
  THREAD_EXIT(11, "thread ends"),
  FILE_WRITE(12, "write(2) to the file"),
  HOST_PAGE(13, "KVM has found the host page"),
  MMU_NOTIFIER(14, "MMU notifier: host addresses are unmapped from guests"),
  ZAP_ALL(15, "KVM takes all stage-2 entries away"),
  LEAF_SPLIT(16, "KVM splits a huge stage-2 entry"),
  AGED(17, "accessed marks are looked at");

  private final int code;
  private final String text;

  KernelEventKind(int code, String text) {
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

  /** {@return whether it takes entries of stage 2 away, or apart} */
  public boolean undoesStageTwo() {
    return this == MMU_NOTIFIER || this == ZAP_ALL || this == LEAF_SPLIT;
  }

  /** {@return whether it is of a page; others are of host addresses, or of all there is} */
  public boolean isOfAPage() {
    return this != MMU_NOTIFIER && this != ZAP_ALL && this != AGED;
  }

  /** {@return the value with a code, or {@link #UNKNOWN} where none has it} */
  public static KernelEventKind ofCode(int code) {
    for (KernelEventKind value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
