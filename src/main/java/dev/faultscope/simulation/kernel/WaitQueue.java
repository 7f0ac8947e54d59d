package dev.faultscope.simulation.kernel;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Faults in the order in which they came, any of which can leave at no cost. */
final class WaitQueue {
  private @Nullable Waiter first;
  private @Nullable Waiter last;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  @Nullable Waiter first() {
    return first;
  }

  void add(Waiter waiter) {
    if (waiter.queue != null) {
      throw new IllegalStateException("a waiter is in two queues");
    }
    waiter.queue = this;
    waiter.before = last;
    if (last == null) {
      first = waiter;
    } else {
      last.after = waiter;
    }
    last = waiter;
    size++;
  }

  void remove(Waiter waiter) {
    if (waiter.queue != this) {
      throw new IllegalStateException("a waiter left a queue twice");
    }
    Waiter before = waiter.before;
    Waiter after = waiter.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    waiter.queue = null;
    waiter.before = null;
    waiter.after = null;
    size--;
  }

  void forEach(Consumer<Waiter> visitor) {
    for (Waiter waiter = first; waiter != null; waiter = waiter.after) {
      visitor.accept(waiter);
    }
  }
}
