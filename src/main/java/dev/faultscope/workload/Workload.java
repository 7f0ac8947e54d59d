package dev.faultscope.workload;

/** An order of pages, without an end of its own. */
public interface Workload {
  /** Whether the last access is a write is for the thread's percentage to say. */
  int BY_PERCENTAGE = -1;

  /** {@return the next page, from 0 to the number of pages less one} */
  int next();

  /** {@return 1 where the access that {@link #next} gave is a write, 0 where it is a read} */
  default int writes() {
    return BY_PERCENTAGE;
  }
}
