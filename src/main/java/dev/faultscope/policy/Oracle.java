package dev.faultscope.policy;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Knows what will be accessed, and fetches nothing else: a fault brings the pages around it that
 * will be accessed as well, and while nobody waits the rest follows in the order of its first
 * access. Steps double from one page on: the first come soon, and what a fetch costs beside its
 * pages is soon shared by many.
 *
 * <p>It foresees accesses, not costs: what moves more in fewer calls can be quicker. The bound is
 * {@link AllResident}.
 */
final class Oracle implements Policy {
  static final PolicyType TYPE =
      PolicyType.of(
              "oracle",
              "knows what will be accessed, or takes it from the recording named by `recording`,"
                  + " and not what a call costs; fetches that and nothing else, ever more of it in"
                  + " one call: a baseline",
              Oracle::new)
          .foreseeing();

  /** Pages of the longest call: who faults meanwhile must not wait long. */
  private static final int MOST = 256;

  private final HandledPages handled;
  private final AccessOracle oracle;
  private final @Nullable String recording;

  /** What will be accessed and nobody has planned. */
  private final BitSet wanted = new BitSet();

  private int[] pages = new int[0];
  private int next = -1;
  private int step = 1;

  private Oracle(PolicyContext context) {
    handled = context.handled();
    oracle = context.oracle();
    recording = context.recording();
  }

  @Override
  public void fault(int page, Plan plan) {
    look();
    if (wanted.get(page)) {
      install(page, plan);
    } else {
      plan.add(Plan.Kind.INSTALL, page); // on its way, taken away since, or a surprise
    }
  }

  @Override
  public void idle(Plan plan) {
    look();
    while (next < pages.length && !wanted.get(pages[next])) {
      next++;
    }
    if (next < pages.length) {
      install(pages[next], plan);
    }
  }

  private void look() {
    if (next < 0) {
      pages = recording == null ? oracle.thisRun() : oracle.recording(recording);
      for (int page : pages) {
        wanted.set(page);
      }
      next = 0;
    }
  }

  /**
   * Plans a page with wanted ones around it: those behind it, and as there is room those before.
   */
  private void install(int page, Plan plan) {
    int most = (int) Math.min(handled.areaEnd(page), page + (long) step);
    int end = Math.min(wanted.nextClearBit(page), most);
    int least = Math.max(handled.areaStart(page), end - step);
    int start = Math.max(wanted.previousClearBit(page) + 1, least);
    plan.add(Plan.Kind.INSTALL, start, end);
    wanted.clear(start, end); // another reader need not plan it again
    step = Math.min(MOST, step * 2);
  }
}
