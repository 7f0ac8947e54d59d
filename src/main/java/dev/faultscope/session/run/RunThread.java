package dev.faultscope.session.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A thread that carries out what it is asked for, one after the other, and goes on by itself in
 * between. What waits is bounded.
 */
final class RunThread {
  /** What it does by itself. */
  interface Work {
    /**
     * Does what is due, for some milliseconds at most.
     *
     * @return how long it has nothing to do if nobody asks for anything, in nanoseconds
     */
    long turn();

    /** Comes last, on the same thread. */
    void end();
  }

  /** Most commands that wait. */
  static final int QUEUE_LIMIT = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Runnable> asked = new ArrayDeque<>();
  private final Thread thread;
  private boolean closed;

  RunThread(String name, Work work) {
    thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(work));
  }

  void start() {
    thread.start();
  }

  /** Asks for something; completes exceptionally where that failed, or was refused. */
  <T> CompletableFuture<T> ask(Callable<T> what) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (closed) {
        answer.completeExceptionally(ended());
      } else if (asked.size() >= QUEUE_LIMIT) {
        answer.completeExceptionally(
            new RunRefusedException(
                RunRefusedException.Reason.BUSY,
                "more than " + QUEUE_LIMIT + " commands wait; this one is dropped"));
      } else {
        asked.add(() -> answer(what, answer));
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
    return answer;
  }

  private static RunRefusedException ended() {
    return new RunRefusedException(
        RunRefusedException.Reason.ENDED, "the run has ended; start it again");
  }

  private static <T> void answer(Callable<T> what, CompletableFuture<T> answer) {
    try {
      answer.complete(what.call());
    } catch (Exception e) {
      answer.completeExceptionally(e);
    }
  }

  /** {@return whether the end has come} */
  boolean isOver() {
    return !thread.isAlive();
  }

  /** {@return whether it takes no more} */
  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more; returns when what was asked for is done and the end has come. */
  void close() {
    stop();
    if (Thread.currentThread() != thread) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes no more, and does not wait. */
  void stop() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run(Work work) {
    try {
      long restNs = 0;
      for (Runnable next = next(0); next != null || !isClosed(); next = next(restNs)) {
        if (next != null) {
          next.run();
          restNs = 0;
        } else {
          restNs = work.turn();
        }
      }
    } finally {
      stop();
      work.end();
    }
  }

  /** {@return what is asked for; null where nothing was within a time, or it is closed} */
  private @Nullable Runnable next(long restNs) {
    lock.lock();
    try {
      long left = restNs;
      while (asked.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return asked.poll();
    } catch (InterruptedException _) {
      closed = true;
      return null;
    } finally {
      lock.unlock();
    }
  }
}
