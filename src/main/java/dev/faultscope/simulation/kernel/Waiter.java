package dev.faultscope.simulation.kernel;

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

  /** When it was queued. */
  long sinceNs;

  Waiter(Task task, Userfaultfd uffd, UffdMessage message, long page) {
    this.task = task;
    this.uffd = uffd;
    this.message = message;
    this.page = page;
  }
}
