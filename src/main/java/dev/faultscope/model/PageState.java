package dev.faultscope.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of one page: independent facts, not colours. What a layer paints is a table over these
 * bits. Bits 0 to 25 have a meaning, bit 31 is never set; a file has room for 64.
 *
 * <p>The bits are part of the file format and the wire protocol; they are never renumbered.
 */
public final class PageState {
  /** Nothing is there. */
  public static final int ABSENT = 0;

  /** In the page cache of its file. */
  public static final int CACHED = 1;

  /** Mapped in the host page table. */
  public static final int MAPPED = 1 << 1;

  /** Mapped in stage 2. */
  public static final int STAGE2 = 1 << 2;

  /** Written since it was mapped. */
  public static final int DIRTY = 1 << 3;

  /** Write-protected by a userfaultfd. */
  public static final int UFFD_WP = 1 << 4;

  /** Its KVM Userfault bit is set: a vCPU's access exits. */
  public static final int USERFAULT = 1 << 5;

  /** Private to the guest. */
  public static final int PRIVATE = 1 << 6;

  /** Poisoned: an access gets SIGBUS. */
  public static final int POISONED = 1 << 7;

  /** At least one fault on it waits unread in a queue. */
  public static final int QUEUED = 1 << 8;

  /** At least one fault on it was read by a handler and is not resolved. */
  public static final int READ = 1 << 9;

  /** A person or a predicate holds its fault. */
  public static final int HELD = 1 << 10;

  /** The waiting fault's message says minor. */
  public static final int MINOR = 1 << 11;

  /** The waiting fault's message says write-protect. */
  public static final int WP_FAULT = 1 << 12;

  /** Its content is zeros that nobody wrote. */
  public static final int ZERO = 1 << 13;

  /** The last ioctl on it failed and nothing has put it right since. */
  public static final int ERROR = 1 << 14;

  /**
   * The recording has not said what the page was at its start; other facts may have been learned
   * since.
   */
  public static final int UNKNOWN = 1 << 15;

  /** Accessed since its accessed mark was last taken away. */
  public static final int ACCESSED = 1 << 16;

  /** Read-write-protected by a userfaultfd: reads fault too. */
  public static final int UFFD_RWP = 1 << 17;

  /** The waiting fault's message says read-write-protect. */
  public static final int RWP_FAULT = 1 << 18;

  /** Only a part of its content was written so far. */
  public static final int PARTIAL = 1 << 19;

  /** Its stage-2 entry is part of a 2-MiB leaf. */
  public static final int LEAF_2M = 1 << 20;

  /** Its stage-2 entry is part of a 1-GiB leaf. */
  public static final int LEAF_1G = 1 << 21;

  /** Its stage-2 entry refuses writes. */
  public static final int STAGE2_READ_ONLY = 1 << 22;

  /** Stage 2 holds a marker for MMIO instead of a page. */
  public static final int STAGE2_MMIO = 1 << 23;

  /** The host maps it as part of a huge page. */
  public static final int HOST_HUGE = 1 << 24;

  /**
   * At least one fault on it waits for the kernel itself: for stage 2, or the host's fault path.
   */
  public static final int IN_KERNEL = 1 << 25;

  /** Every bit that says a fault waits. */
  public static final int WAITING = QUEUED | READ | HELD | MINOR | WP_FAULT | RWP_FAULT | IN_KERNEL;

  /** Every bit that can be set. */
  public static final int ALL = Integer.MAX_VALUE;

  private static final String[] NAMES = {
    "in cache",
    "mapped",
    "mapped in stage 2",
    "dirty",
    "write-protected",
    "userfault bit",
    "private",
    "poisoned",
    "fault queued",
    "fault read",
    "held",
    "minor",
    "write-protect fault",
    "zero",
    "error",
    "unknown",
    "accessed",
    "read-write-protected",
    "read-write-protect fault",
    "partly written",
    "2M leaf",
    "1G leaf",
    "read-only in stage 2",
    "MMIO in stage 2",
    "huge in the host",
    "fault in the kernel"
  };

  private PageState() {}

  /** {@return the facts of a state in words, lowest bit first; empty for an absent page} */
  public static List<String> describe(int state) {
    List<String> facts = new ArrayList<>();
    for (int bit = 0; bit < NAMES.length; bit++) {
      if ((state & (1 << bit)) != 0) {
        facts.add(NAMES[bit]);
      }
    }
    return facts;
  }
}
