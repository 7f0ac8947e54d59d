package dev.faultscope.live.handler;

import dev.faultscope.linux.EventFd;
import dev.faultscope.linux.LinuxException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What other threads ask of the handler's thread, which a bell wakes. */
final class Commands implements AutoCloseable {
  private static final int MOST = 256;

  private final EventFd bell;
  private final ArrayBlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(MOST);
  private volatile boolean ended;

  Commands() throws LinuxException {
    bell = new EventFd();
  }

  EventFd bell() {
    return bell;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Asks; the answer comes when the handler's thread gave it. For every thread. */
  <T> CompletableFuture<T> ask(Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable command =
        () -> {
          try {
            if (ended) {
              throw new IllegalStateException("the handler has ended");
            }
            answer.complete(work.get());
          } catch (RuntimeException failure) {
            answer.completeExceptionally(failure);
          }
        };
    if (ended || !waiting.offer(command)) {
      answer.completeExceptionally(
          new IllegalStateException(
              ended ? "the handler has ended" : MOST + " commands wait already"));
    } else {
      bell.ring();
      if (ended) {
        // It may have ended just before: nobody else would run it.
        run();
      }
    }
    return answer;
  }

  /** Does what was asked. */
  void run() {
    for (Runnable command = waiting.poll(); command != null; command = waiting.poll()) {
      command.run();
    }
  }

  /** Refuses everything from now on. */
  void end() {
    ended = true;
    run();
  }

  @Override
  public void close() {
    bell.close();
  }
}
