package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

/** The kernel's checks of a range that user space names. */
final class Ranges {
  private Ranges() {}

  /**
   * {@return whether a range is page-aligned, not empty, does not wrap and ends below the last user
   * address}
   */
  static boolean isValid(long start, long bytes) {
    return start % PAGE_BYTES == 0 && bytes % PAGE_BYTES == 0 && isValidUnaligned(start, bytes);
  }

  static boolean isValidUnaligned(long start, long bytes) {
    return bytes != 0
        && Long.compareUnsigned(start, Mm.TASK_SIZE) < 0
        && Long.compareUnsigned(bytes, Mm.TASK_SIZE - start) <= 0;
  }
}
