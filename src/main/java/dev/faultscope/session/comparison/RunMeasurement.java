package dev.faultscope.session.comparison;

import dev.faultscope.model.Actor;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.UnkeptRecording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps no events of a run but what a comparison shows: when each page was first there for a
 * workload.
 */
final class RunMeasurement implements Recorder {
  private final UnkeptRecording states = new UnkeptRecording();
  private final Set<String> workers;
  private final BitSet working = new BitSet();
  private final List<BitSet> accessed = new ArrayList<>();
  private final List<Integer> pages = new ArrayList<>();
  private long[] times = new long[1024];
  private int count;

  /**
   * @param workers names of the threads and vCPUs that have a workload
   */
  RunMeasurement(Set<String> workers) {
    this.workers = workers;
  }

  /** {@return how many pages a workload got to} */
  int accessedPages() {
    return count;
  }

  /** {@return when the n-th page was got to, n from 0, in nanoseconds} */
  long timeNs(int n) {
    return times[n];
  }

  /** {@return pages mapped now that no workload got to: work for nothing, so far} */
  long mappedForNothing() {
    long unused = 0;
    for (int region = 0; region < pages.size(); region++) {
      BitSet used = accessed.get(region);
      if (used.isEmpty()) {
        continue; // memory that no workload is about: an alias, or the VMM's own
      }
      for (int page = 0; page < pages.get(region); page++) {
        if (!used.get(page) && (states.stateOf(region, page) & PageState.MAPPED) != 0) {
          unused++;
        }
      }
    }
    return unused;
  }

  @Override
  public void region(Region region) {
    states.region(region);
    accessed.add(new BitSet(region.pages()));
    pages.add(region.pages());
  }

  @Override
  public void actor(Actor actor) {
    states.actor(actor);
    working.set(actor.index(), workers.contains(actor.name()));
  }

  @Override
  public long append(EventDraft draft) {
    if (draft.kind() == EventKind.DECIDE
        && draft.region() != Event.NONE
        && draft.pageCount() > 0
        && working.get(draft.actor())
        && completes(DecideReason.ofCode(draft.detail()))) {
      access(draft.region(), draft.firstPage(), draft.timeNs());
    }
    return states.append(draft);
  }

  private void access(int region, int page, long timeNs) {
    BitSet used = accessed.get(region);
    if (used.get(page)) {
      return;
    }
    used.set(page);
    if (count == times.length) {
      times = Arrays.copyOf(times, count * 2);
    }
    times[count++] = timeNs;
  }

  /** Whether an access goes through with this decision, whatever else the kernel still does. */
  private static boolean completes(DecideReason reason) {
    return switch (reason) {
      case PRESENT,
          CACHED_MAPPED,
          ABSENT_ZEROED,
          COPY_ON_WRITE,
          WP_ASYNC,
          NOT_ANSWERED,
          STAGE2_MAPPED,
          STAGE2_FILLED,
          STAGE2_UPGRADE,
          GMEM_DIRECT,
          GMEM_ZEROED,
          USERFAULT_UNSEEN,
          MAPPED_FIRST,
          MAPPED_AGAIN,
          MADE_WRITABLE,
          FAST_FIXED,
          SPURIOUS ->
          true;
      case UNKNOWN,
          CACHED_MINOR,
          ABSENT_MISSING,
          ANON_MISSING,
          WRITE_PROTECTED,
          ANSWERED,
          NO_RETRY,
          SIGBUS_FEATURE,
          USER_MODE_ONLY,
          POISONED,
          BEYOND_EOF,
          USERFAULT_BIT,
          USERFAULT_CLEAR,
          USERFAULT_UNREADABLE,
          ATTRIBUTE_MISMATCH,
          GMEM_FULL_MINOR,
          GMEM_PRIVATE,
          ALREADY_QUEUED,
          OUTSIDE,
          NO_SLOT,
          NO_DIRECT_MAP,
          KVM_USER_MAPPING,
          STAGE2_GUP,
          GUP_REFUSED,
          RETRIED,
          EMULATED,
          ASYNC ->
          false;
    };
  }

  @Override
  public int stateOf(int region, int page) {
    return states.stateOf(region, page);
  }

  @Override
  public boolean keepsContents() {
    return false;
  }

  @Override
  public long lastSequence() {
    return states.lastSequence();
  }

  @Override
  public void kernel(KernelProfile profile) {
    states.kernel(profile);
  }

  @Override
  public void note(String text) {
    states.note(text);
  }
}
