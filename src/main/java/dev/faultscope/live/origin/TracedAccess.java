package dev.faultscope.live.origin;

import dev.faultscope.live.attach.GuestRegion;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An access that trapped, as a trace event tells of it.
 *
 * @param threadId the kernel's number of the thread that made it
 * @param address in the peer; 0 for a guest's access through stage 2, of which the host's address
 *     is not told
 * @param beganNs when it trapped, as {@code System.nanoTime()} counts, in whole microseconds
 */
record TracedAccess(int threadId, long address, long beganNs) {
  private static final long NOT_TOLD = 0;

  /**
   * {@return whether a message can be of it}
   *
   * @param thread the message's thread, 0 where it does not say
   * @param at the message's address
   */
  boolean explains(int thread, long at, long pageSize) {
    return address == NOT_TOLD
        ? thread == threadId
        : address / pageSize == at / pageSize && (thread == 0 || thread == threadId);
  }

  /** Reads lines of {@code trace_pipe}. */
  static final class Parser {
    /**
     * A thread's name may hold anything, so that the line is read from its other end: {@code
     * touch-er 3-4711 [001] d.... 30549.515371: page_fault_user: address=0x7f... ip=...}.
     */
    private static final Pattern LINE =
        Pattern.compile(
            ".*-(\\d{1,9})\\s+(?:\\([-\\d ]*\\)\\s+)?\\[\\d+\\]\\s+\\S+\\s+(\\d{1,9})\\.(\\d{6}): "
                + "(?:page_fault_(?:user|kernel): address=0x([0-9a-f]{1,16})\\b.*"
                + "|kvm_page_fault: .*|kvm_mmu_pagetable_walk: .*)");

    private final List<GuestRegion> regions;

    Parser(List<GuestRegion> regions) {
      this.regions = regions;
    }

    /** {@return the access of a line; null where it tells of none to these regions} */
    @Nullable TracedAccess parse(String line) {
      Matcher read = LINE.matcher(line);
      if (!read.matches()) {
        return null;
      }
      String told = read.group(4);
      long address = told == null ? NOT_TOLD : Long.parseUnsignedLong(told, 16);
      if (told != null && regions.stream().noneMatch(region -> region.contains(address))) {
        return null;
      }
      long micros = Long.parseLong(read.group(2)) * 1_000_000 + Long.parseLong(read.group(3));
      return new TracedAccess(Integer.parseInt(read.group(1)), address, micros * 1000);
    }
  }
}
