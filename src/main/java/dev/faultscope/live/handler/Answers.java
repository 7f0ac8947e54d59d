package dev.faultscope.live.handler;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.policy.HandledPages;
import dev.faultscope.policy.Plan;
import dev.faultscope.policy.PlanExecutor;
import dev.faultscope.policy.Policy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Answers faults as the policy plans, and does what it plans ahead. For the handler's thread. */
final class Answers {
  private static final long RETRY_PAUSE_NS = 20_000;
  private static final int MOST_RETRIES = 200;

  private final Policy policy;
  private final PeerPages guest;
  private final HandledPages handled;
  private final Ioctls ioctls;
  private final LiveJournal journal;
  private final Tallies tallies;
  private final MessageReader reader;
  private final HeldFaults held;
  private final RunEnd end;

  private final Plan plan = new Plan();
  private final Plan ahead = new Plan();
  private final PlanExecutor answering;
  private final PlanExecutor pushing;

  /** Faults that were read while the plan could not be carried out. */
  private final Set<WaitingFault> deferred = new LinkedHashSet<>();

  private boolean begun;
  private boolean saidForgotten;

  Answers(
      HandlerPolicy policy,
      PeerPages guest,
      Ioctls ioctls,
      LiveJournal journal,
      Tallies tallies,
      MessageReader reader,
      HeldFaults held,
      RunEnd end) {
    this.guest = guest;
    this.ioctls = ioctls;
    this.journal = journal;
    this.tallies = tallies;
    this.reader = reader;
    this.held = held;
    this.end = end;
    handled = guest.handled();
    this.policy = policy.make(handled);
    answering = new PlanExecutor(handled, ioctls);
    pushing = new PlanExecutor(handled, ioctls);
  }

  /** Does what the policy wants done before anybody accesses anything. */
  void prepare() {
    policy.prepare(plan);
    carryOut();
  }

  /** {@return whether the kernel refuses answers for now: a layout change, or no memory} */
  boolean hasDeferred() {
    return !plan.isEmpty() || !deferred.isEmpty();
  }

  /** Holds a fault back if somebody wants that, else answers it. */
  void meet(WaitingFault fault) {
    if (!held.keeps(fault)) {
      answer(fault);
    }
  }

  void answer(WaitingFault fault) {
    if (!journal.isWaiting(fault)) {
      return; // another fault's answer woke it too
    }
    if (!plan.isEmpty()) {
      deferred.add(fault);
      return;
    }
    plan.because(fault.readSequence());
    int page = guest.of(fault).start() + fault.page();
    if (fault.isWriteProtect()) {
      plan.add(Plan.Kind.UNPROTECT, handled.unitStart(page));
      carryOut();
      return;
    }
    handled.told(page, fault.isMinor());
    policy.fault(page, plan);
    if (begun) {
      carryOut();
    } else {
      begun = true;
      carryOutFirst();
    }
  }

  /** The first plan may be for everything there is: then how long that takes is worth telling. */
  private void carryOutFirst() {
    boolean everything = plan.pages() > 1 && plan.pages() == handled.absent();
    long started = System.nanoTime();
    carryOut();
    if (everything && plan.isEmpty()) {
      tallies.faultedAll((System.nanoTime() - started) / 1000);
    }
  }

  void retryDeferred() {
    if (!hasDeferred()) {
      return;
    }
    carryOut();
    for (WaitingFault fault : plan.isEmpty() ? List.copyOf(deferred) : List.<WaitingFault>of()) {
      deferred.remove(fault);
      answer(fault);
    }
  }

  /** Carries the plan out, unless the kernel refuses for longer than a few milliseconds. */
  private void carryOut() {
    int retries = 0;
    while (!plan.isEmpty()) {
      ioctls.because(plan.cause());
      answering.prepare(plan);
      answering.perform(plan);
      if (end.isPeerGone()) {
        plan.clear();
      } else if (answering.isShort()) {
        return;
      } else if (answering.mustDrain()) {
        if (++retries > MOST_RETRIES) {
          return;
        }
        readMore();
        LockSupport.parkNanos(RETRY_PAUSE_NS);
      }
    }
  }

  /** Reads what waits while an answer is refused. */
  private void readMore() {
    try {
      for (WaitingFault fault : reader.read().faults()) {
        if (!held.keeps(fault)) {
          deferred.add(fault);
        }
      }
    } catch (LinuxException failure) {
      journal.note(failure.getMessage());
    }
  }

  /**
   * Nobody waits for an answer: plans what nobody asked for. {@return whether there is something}
   */
  boolean hasAhead() {
    if (!held.isEmpty() || hasDeferred()) {
      return false;
    }
    if (ahead.isEmpty()) {
      policy.idle(ahead);
    }
    return !ahead.isEmpty();
  }

  /** Makes one call for what nobody asked for. */
  void push() {
    ioctls.because(0);
    pushing.prepare(ahead);
    pushing.perform(ahead);
    if (end.isPeerGone()) {
      ahead.clear();
    } else if (pushing.isShort() || pushing.mustDrain()) {
      readMore();
      LockSupport.parkNanos(RETRY_PAUSE_NS);
    }
  }

  /**
   * Answers faults that the policy left waiting for longer than this; those that a person holds
   * stay.
   */
  void answerForgotten(Duration patience) {
    if (patience.isZero()
        || hasDeferred()
        || journal.waitsSince() + patience.toNanos() > journal.now()) {
      return;
    }
    int forgotten = 0;
    for (WaitingFault fault : journal.waiting()) {
      if (fault.sinceNs() + patience.toNanos() <= journal.now()
          && journal.isWaiting(fault)
          && !held.holds(fault)
          && plan.isEmpty()) {
        int page = guest.of(fault).start() + fault.page();
        plan.because(fault.readSequence());
        plan.add(
            fault.isWriteProtect() ? Plan.Kind.UNPROTECT : Plan.Kind.INSTALL,
            handled.unitStart(page));
        carryOut();
        forgotten++;
      }
    }
    if (forgotten > 0) {
      tallies.released(forgotten);
      if (!saidForgotten) {
        saidForgotten = true;
        journal.note(
            ("the policy left faults unanswered for %d ms: from here on such are answered all the"
                    + " same")
                .formatted(patience.toMillis()));
      }
    }
  }

  /**
   * Puts pages in place that nobody asked for. {@return whether the kernel let it: if not, it is
   * tried again with the next call}
   */
  boolean fill(int first, int behind) {
    if (plan.isEmpty()) {
      plan.because(0);
      plan.add(Plan.Kind.INSTALL, first, behind);
    }
    carryOut();
    if (!plan.isEmpty()) {
      LockSupport.parkNanos(RETRY_PAUSE_NS);
    }
    return plan.isEmpty();
  }
}
