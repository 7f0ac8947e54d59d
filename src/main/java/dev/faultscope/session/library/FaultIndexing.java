package dev.faultscope.session.library;

import dev.faultscope.session.Session;
import dev.faultscope.timeline.Timeline;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the faults of whole recordings ahead of the first question about them: that takes seconds
 * where there are millions. One recording at a time, on a thread of its own.
 */
final class FaultIndexing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FaultIndexing.class);

  /** More than sessions are open; beyond it the first question finds them. */
  private static final int MOST_WAITING = 256;

  private final Set<Session> asked = ConcurrentHashMap.newKeySet();

  private final ExecutorService thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().daemon().name("fault-index").priority(Thread.MIN_PRIORITY).factory());

  private final Consumer<Timeline> find;

  FaultIndexing() {
    this(Timeline::waits);
  }

  /** Does something else than finding faults. */
  FaultIndexing(Consumer<Timeline> find) {
    this.find = find;
  }

  /** Has the faults of a recording found soon; nothing where it grows still or they are sought. */
  void prepare(Session session) {
    if (!session.isLoading() && asked.add(session)) {
      try {
        thread.execute(() -> find(session));
      } catch (RejectedExecutionException _) {
        // Too many wait, or a run ended after this was closed.
        asked.remove(session);
      }
    }
  }

  private void find(Session session) {
    try {
      // It does not use the session: nobody is to be refused for it. A timeline that is closed
      // meanwhile says so.
      find.accept(session.timeline());
    } catch (IllegalStateException closed) {
      LOG.debug("{} was closed while its faults were sought", session.id());
    } catch (InternalError | RuntimeException e) {
      if (thread.isShutdown()) {
        LOG.debug("{} was let go while its faults were sought", session.id());
        return;
      }
      // The question that needs them will say why: no room for temporary files, or a file that was
      // cut while it was mapped, for which the virtual machine has an error of its own.
      LOG.warn("The faults of {} are not found ahead: {}", session.id(), e.toString());
    } finally {
      asked.remove(session);
    }
  }

  /** Nothing more is begun; what is being sought does not hold anybody up. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
