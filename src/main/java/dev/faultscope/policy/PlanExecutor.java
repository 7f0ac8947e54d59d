package dev.faultscope.policy;

import dev.faultscope.model.Errno;
import dev.faultscope.policy.UffdPort.Call;
import dev.faultscope.policy.UffdPort.Result;

/**
 * Carries out a plan, one system call at a time, and heeds what each answers. {@link #prepare}
 * chooses the next call, {@link #perform} makes it; time may pass in between, and then what was
 * chosen is done all the same.
 *
 * <ul>
 *   <li>some pages done: on from there
 *   <li>EEXIST: the page is there, so wake who waits for it
 *   <li>EAGAIN: the layout changes; the same again once messages were read ({@link #mustDrain})
 *   <li>ENOMEM: the same again later ({@link #isShort})
 *   <li>EFAULT of a CONTINUE: the page left the cache, so fill it anew, once
 *   <li>ENOENT, ESRCH and all else: the entry's pages are gone, or not ours; it is dropped
 * </ul>
 */
public final class PlanExecutor {
  /** A CONTINUE that still faults after its page was written cannot be helped. */
  private static final int MAX_REFILLS = 1;

  private final HandledPages handled;
  private final UffdPort port;

  private Call call = Call.WAKE;
  private int first;
  private int count;
  private boolean quiet;
  private boolean mustWake;
  private boolean mustDrain;
  private boolean isShort;
  private int refills;

  /**
   * Prepares one; it may carry out one plan after the other.
   *
   * @param handled what the plans' pages are
   */
  public PlanExecutor(HandledPages handled, UffdPort port) {
    this.handled = handled;
    this.port = port;
  }

  /** {@return whether messages must be read before the same call is worth another try} */
  public boolean mustDrain() {
    return mustDrain;
  }

  /** {@return whether the kernel had no memory for the last call} */
  public boolean isShort() {
    return isShort;
  }

  /** {@return the call that was prepared} */
  public Call call() {
    return call;
  }

  /** {@return its first page} */
  public int first() {
    return first;
  }

  /** {@return how many pages it is about} */
  public int count() {
    return count;
  }

  /** Chooses the next system call for the entry at the front. */
  public void prepare(Plan plan) {
    mustDrain = false;
    isShort = false;
    first = plan.first();
    count = plan.count();
    quiet = plan.kind() == Plan.Kind.INSTALL_QUIETLY;
    if (mustWake) {
      call = Call.WAKE;
      takeUnit();
      return;
    }
    switch (plan.kind()) {
      case WAKE -> call = Call.WAKE;
      case UNPROTECT -> {
        call = Call.UNPROTECT;
        count = Math.max(count, handled.area(first).unitPages());
      }
      case INSTALL, INSTALL_QUIETLY -> call = install();
    }
  }

  private void takeUnit() {
    first = handled.unitStart(first);
    count = handled.area(first).unitPages();
  }

  /** Finds how the first page is put in place, and how many after it are in the same way. */
  private Call install() {
    int last = Math.min(first + count, handled.areaEnd(first)) - 1;
    takeUnit();
    int unit = count;
    int end = handled.unitStart(last) + unit;
    Call how = how(first);
    while (first + count < end && how(first + count) == how) {
      count += unit;
    }
    return how;
  }

  private Call how(int page) {
    HandledPages.Area area = handled.area(page);
    if (handled.isRemoved(page) && area.missing()) {
      return Call.ZEROPAGE;
    }
    if (area.minor() && (handled.isFilled(page) || !area.missing())) {
      return handled.isFilled(page) ? Call.CONTINUE : Call.WRITE;
    }
    return Call.COPY;
  }

  /** Makes the call that was prepared for the entry at the front. */
  public void perform(Plan plan) {
    Result result = port.make(call, first, count, !quiet);
    switch (call) {
      case COPY, CONTINUE, ZEROPAGE -> filled(plan, result);
      case WRITE -> {
        if (result.errno() == Errno.OK) {
          handled.filled(first, count);
        } else {
          drop(plan, result.errno());
        }
      }
      case WAKE -> {
        mustWake = false;
        done(plan, count);
      }
      case UNPROTECT -> {
        switch (result.errno()) {
          case OK -> done(plan, count);
          case EAGAIN -> mustDrain = true;
          default -> drop(plan, result.errno());
        }
      }
    }
  }

  private void filled(Plan plan, Result result) {
    if (result.pages() > 0) {
      handled.installed(first, result.pages());
      refills = 0;
      done(plan, result.pages());
      return;
    }
    switch (result.errno()) {
      case EEXIST -> {
        int unit = handled.area(first).unitPages();
        handled.installed(first, unit);
        port.found(first, unit);
        if (quiet) {
          done(plan, unit);
        } else {
          mustWake = true;
        }
      }
      case EAGAIN -> mustDrain = true;
      case ENOMEM -> isShort = true;
      case EFAULT -> {
        if (call == Call.CONTINUE && refills++ < MAX_REFILLS) {
          handled.unfilled(first, handled.area(first).unitPages());
        } else {
          drop(plan, result.errno());
        }
      }
      default -> drop(plan, result.errno());
    }
  }

  /** An entry may begin amid a huge page, of which the call did all. */
  private void done(Plan plan, int pages) {
    plan.done(first + pages - plan.first());
  }

  /** Gives up the call that was prepared last: its pages are taken off the plan. */
  public void drop(Plan plan, Errno errno) {
    refills = 0;
    mustWake = false;
    port.dropped(call, first, count, errno);
    done(plan, count);
  }
}
