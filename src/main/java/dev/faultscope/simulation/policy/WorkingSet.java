package dev.faultscope.simulation.policy;

import dev.faultscope.scenario.PolicySpec;
import java.util.Arrays;

/**
 * Installs the pages that an earlier run accessed, without waking anybody, and wakes everybody once
 * when all are there; faults on other pages are answered with their page. Faults that happen
 * meanwhile are answered in between, or wait until the set is there, as REAP has them do.
 */
final class WorkingSet implements Policy {
  private static final int ADDRESS_ORDER = 1;
  private static final int SET_FIRST = 1;

  private final HandledPages handled;
  private final PolicySpec spec;
  private final AccessOracle oracle;
  private int[] pages = new int[0];
  private int next = -1;

  WorkingSet(HandledPages handled, PolicySpec spec, AccessOracle oracle) {
    this.handled = handled;
    this.spec = spec;
    this.oracle = oracle;
  }

  @Override
  public void fault(int page, Plan plan) {
    if (spec.settings().number("first") == SET_FIRST) {
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
    String recording = spec.recording();
    pages = recording == null ? oracle.earlierRun() : oracle.recording(recording);
    if (spec.settings().number("order") == ADDRESS_ORDER) {
      pages = pages.clone();
      Arrays.sort(pages);
    }
    next = 0;
  }
}
