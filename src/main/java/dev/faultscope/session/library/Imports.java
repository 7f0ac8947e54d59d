package dev.faultscope.session.library;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Imports that run and that wait, a bounded number of each. */
final class Imports implements AutoCloseable {
  private final ThreadPoolExecutor executor;
  private final int waitingLimit;
  private final Map<String, ImportJob> jobs = new ConcurrentHashMap<>();

  Imports(int running, int waiting) {
    waitingLimit = waiting;
    executor =
        new ThreadPoolExecutor(
            running,
            running,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            Thread.ofPlatform().daemon().name("import-", 0).factory());
    executor.allowCoreThreadTimeOut(true);
  }

  /** Runs a job when it is its turn. */
  void start(String id, ImportJob job) throws UploadRefusedException {
    jobs.put(id, job);
    try {
      executor.execute(
          () -> {
            try {
              job.run();
            } finally {
              jobs.remove(id, job);
            }
          });
    } catch (RejectedExecutionException _) {
      jobs.remove(id, job);
      throw UploadRefusedException.busy(waitingLimit);
    }
  }

  /** {@return the job of a recording, null if none runs or waits} */
  @Nullable ImportJob job(String id) {
    return jobs.get(id);
  }

  /** Cancels everything, takes no more, and does not wait. */
  void stop() {
    jobs.values().forEach(ImportJob::cancel);
    executor.shutdown();
  }

  /** Cancels everything and waits a little for what runs. */
  @Override
  public void close() {
    stop();
    try {
      if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
