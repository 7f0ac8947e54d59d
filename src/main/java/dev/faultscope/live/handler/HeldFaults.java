package dev.faultscope.live.handler;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Faults that a person wants to look at before they are answered. For the handler's thread, but for
 * {@link #snapshot} and {@link #onChange}.
 */
final class HeldFaults {
  private final LiveJournal journal;
  private final Tallies tallies;
  private final Duration watchdog;
  private final Set<WaitingFault> held = new LinkedHashSet<>();
  private volatile List<WaitingFault> snapshot = List.of();
  private volatile boolean holding;
  private volatile Runnable listener = () -> {};
  private HoldRule holds = fault -> false;

  HeldFaults(LiveJournal journal, Tallies tallies, Duration watchdog) {
    this.journal = journal;
    this.tallies = tallies;
    this.watchdog = watchdog;
  }

  /** Whom to tell of every change, on the handler's thread; for every thread. */
  void onChange(Runnable told) {
    listener = told;
  }

  /** Holds such faults from now on. */
  void hold(HoldRule which) {
    holds = which;
    holding = true;
    listener.run();
  }

  /** Holds none from now on. */
  void holdNone() {
    holds = fault -> false;
    holding = false;
    listener.run();
  }

  /** What was done since the last fault was met is recorded. */
  void recorded() {
    holds.recorded();
  }

  /** {@return whether a fault that was just read is held back} */
  boolean keeps(WaitingFault fault) {
    if (!holds.holds(fault)) {
      return false;
    }
    journal.held(fault);
    held.removeIf(old -> old.actor() == fault.actor());
    held.add(fault);
    publish();
    return true;
  }

  /** {@return whether some are to be held}; for every thread */
  boolean isHolding() {
    return holding;
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /** {@return whether a fault is held} */
  boolean holds(WaitingFault fault) {
    return held.contains(fault);
  }

  /** {@return what is held, oldest first} */
  List<WaitingFault> snapshot() {
    return snapshot;
  }

  /** Hands the fault held longest to whoever answers it. {@return whether there was one} */
  boolean releaseOldest(Consumer<WaitingFault> answer) {
    if (held.isEmpty()) {
      return false;
    }
    release(held.iterator().next(), answer);
    return true;
  }

  /** Hands one fault to whoever answers it. {@return whether it was held} */
  boolean release(long sequence, Consumer<WaitingFault> answer) {
    for (WaitingFault fault : held) {
      if (fault.sequence() == sequence) {
        release(fault, answer);
        return true;
      }
    }
    return false;
  }

  /** Hands all that is held, oldest first, to whoever answers it. */
  void releaseAll(Consumer<WaitingFault> answer) {
    for (WaitingFault fault : List.copyOf(held)) {
      release(fault, answer);
    }
  }

  private void release(WaitingFault fault, Consumer<WaitingFault> answer) {
    held.remove(fault);
    publish();
    if (journal.isWaiting(fault)) {
      journal.unheld(fault);
      answer.accept(fault);
    }
  }

  /** Forgets those that wait no more. */
  void prune() {
    held.removeIf(fault -> !journal.isWaiting(fault));
    publish();
  }

  /** Lets all go where one has been held longer than the watchdog allows. */
  void guard(Consumer<WaitingFault> answer) {
    if (held.isEmpty() || watchdog.isZero()) {
      return;
    }
    WaitingFault oldest = held.iterator().next();
    if (journal.now() - oldest.sinceNs() > watchdog.toNanos()) {
      tallies.released(held.size());
      journal.note(
          "the watchdog let %d held faults go after %d ms"
              .formatted(held.size(), watchdog.toMillis()));
      holdNone();
      releaseAll(answer);
    }
  }

  void clear() {
    if (!held.isEmpty()) {
      held.clear();
      publish();
    }
  }

  private void publish() {
    snapshot = List.copyOf(held);
    listener.run();
  }
}
