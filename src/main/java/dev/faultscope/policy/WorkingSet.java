package dev.faultscope.policy;

import dev.faultscope.settings.Parameter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Installs the pages that an earlier run accessed, without waking anybody, and wakes everybody once
 * when all are there; faults on other pages are answered with their page. Faults that happen
 * meanwhile are answered in between, or wait until the set is there, as REAP has them do.
 */
final class WorkingSet implements Policy {
  static final PolicyType TYPE =
      PolicyType.of(
              "working-set",
              "installs what an earlier run accessed, or the recording named by `recording`,"
                  + " without waking, then wakes everybody once; else as on-demand",
              WorkingSet::new,
              Parameter.word("order", "in which it is installed", "first-touch", "address"),
              Parameter.word("first", "who need not wait for the other", "faults", "set"))
          .foreseeing();

  private static final int ADDRESS_ORDER = 1;
  private static final int SET_FIRST = 1;

  private final HandledPages handled;
  private final @Nullable String recording;
  private final boolean byAddress;
  private final boolean setFirst;
  private final AccessOracle oracle;
  private int[] pages = new int[0];
  private int next = -1;

  private WorkingSet(PolicyContext context) {
    handled = context.handled();
    oracle = context.oracle();
    recording = context.recording();
    byAddress = context.settings().number("order") == ADDRESS_ORDER;
    setFirst = context.settings().number("first") == SET_FIRST;
  }

  @Override
  public void fault(int page, Plan plan) {
    if (setFirst) {
      while (!isDone() && !plan.isFull()) {
        planSome(plan);
      }
    }
    plan.add(Plan.Kind.INSTALL, page);
  }

  @Override
  public void idle(Plan plan) {
    if (!isDone()) {
      planSome(plan);
    }
  }

  private boolean isDone() {
    return next > pages.length;
  }

  /** Plans the next pages of the set that follow each other, and behind the last the wake. */
  private void planSome(Plan plan) {
    if (next < 0) {
      load();
    }
    next = Absent.planNext(handled, pages, next, Plan.Kind.INSTALL_QUIETLY, plan);
    if (next == pages.length) {
      for (int at = 0; at < handled.pages(); at = handled.areaEnd(at)) {
        plan.add(Plan.Kind.WAKE, at, handled.areaEnd(at));
      }
      next++;
    }
  }

  private void load() {
    pages = recording == null ? oracle.earlierRun() : oracle.recording(recording);
    if (byAddress) {
      pages = pages.clone();
      Arrays.sort(pages);
    }
    next = 0;
  }
}
