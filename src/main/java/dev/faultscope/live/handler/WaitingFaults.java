package dev.faultscope.live.handler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The faults that wait, oldest first. A list and no map: there are about as many as the peer has
 * threads, and each comes and goes a hundred thousand times a second.
 */
final class WaitingFaults {
  private static final int MOST = 16_384;

  private final List<WaitingFault> faults = new ArrayList<>();

  /**
   * Adds one. A thread waits for one fault at a time: an older one of it is over, for it woke and
   * came again.
   */
  void add(WaitingFault fault) {
    for (int i = faults.size() - 1; i >= 0; i--) {
      if (faults.get(i).actor() == fault.actor()) {
        faults.remove(i);
      }
    }
    if (faults.size() >= MOST) {
      faults.removeFirst();
    }
    faults.add(fault);
  }

  boolean contains(WaitingFault fault) {
    return indexOf(fault) >= 0;
  }

  void remove(WaitingFault fault) {
    int index = indexOf(fault);
    if (index >= 0) {
      faults.remove(index);
    }
  }

  private int indexOf(WaitingFault fault) {
    for (int i = 0; i < faults.size(); i++) {
      if (faults.get(i).sequence() == fault.sequence()) {
        return i;
      }
    }
    return -1;
  }

  /** {@return the oldest that waits for one of these pages of 4 KiB, null for none} */
  @Nullable WaitingFault firstOf(int region, int page, int count) {
    for (int i = 0; i < faults.size(); i++) {
      WaitingFault fault = faults.get(i);
      if (fault.region() == region && fault.page() >= page && fault.page() - page < count) {
        return fault;
      }
    }
    return null;
  }

  /** {@return when the oldest was read; half of for ever if there is none} */
  long oldestNs() {
    return faults.isEmpty() ? Long.MAX_VALUE / 2 : faults.getFirst().sinceNs();
  }

  /** {@return all of them, a copy} */
  List<WaitingFault> all() {
    return List.copyOf(faults);
  }
}
