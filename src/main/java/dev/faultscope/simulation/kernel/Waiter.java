package dev.faultscope.simulation.kernel;

import org.jspecify.annotations.Nullable;

/** A thread asleep in a fault, with the message that says so. */
final class Waiter {
  final Task task;
  final Userfaultfd uffd;
  final UffdMessage message;

  /** The page that faulted. */
  final long page;

  boolean read;

  /** Sequence numbers of its ENQUEUE and, once read, of its READ. */
  long enqueued;

  long readSequence;

  /** When it was queued. */
  long sinceNs;

  /** Its neighbours in the queue that it is in. */
  @Nullable WaitQueue queue;

  @Nullable Waiter before;
  @Nullable Waiter after;

  /** The next one in its bucket of {@link Waiters}. */
  @Nullable Waiter nextInBucket;

  Waiter(Task task, Userfaultfd uffd, UffdMessage message, long page) {
    this.task = task;
    this.uffd = uffd;
    this.message = message;
    this.page = page;
  }
}
