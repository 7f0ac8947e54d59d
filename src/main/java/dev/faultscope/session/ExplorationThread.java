package dev.faultscope.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one viewer's exploration on a thread of its own: takes commands in turn, ticks, lets the
 * viewer show what became of them.
 */
public final class ExplorationThread implements AutoCloseable {
  /** Most commands that wait. */
  public static final int QUEUE_LIMIT = 256;

  private static final Logger LOG = LoggerFactory.getLogger(ExplorationThread.class);

  private final Session session;
  private final Exploration exploration;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Command> commands = new ArrayDeque<>();
  private final Thread thread;
  private boolean nudged;
  private boolean closed;

  private ExplorationThread(
      Session session, Viewer viewer, LongSupplier nanoTime, long painted, long first) {
    this.session = session;
    exploration = new Exploration(session, viewer, nanoTime);
    thread =
        // Not a virtual one: a search is work, and would keep a carrier from everybody else.
        Thread.ofPlatform()
            .daemon()
            .name("exploration-" + session.id())
            .unstarted(() -> run(painted, first));
  }

  /**
   * Starts to explore.
   *
   * @param painted the moment of this session that the viewer has painted already, -1 for none
   * @param first the moment to show first; one that a growing recording does not have yet is shown
   *     when it has come
   */
  public static ExplorationThread start(Session session, Viewer viewer, long painted, long first) {
    if (!session.enter()) {
      throw new IllegalStateException("the session is closed; open the recording again");
    }
    ExplorationThread started =
        new ExplorationThread(session, viewer, System::nanoTime, painted, first);
    started.thread.start();
    return started;
  }

  /** {@return whether there was room: at most {@value #QUEUE_LIMIT} commands wait} */
  public boolean submit(Command command) {
    lock.lock();
    try {
      if (commands.size() >= QUEUE_LIMIT) {
        return false;
      }
      commands.add(command);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Asks for a turn: something the viewer waited for has happened. */
  public void nudge() {
    lock.lock();
    try {
      nudged = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the exploration; does not wait for its thread. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run(long painted, long first) {
    Runnable watcher = this::nudge;
    session.addWatcher(watcher);
    try (exploration) {
      exploration.start(painted, first);
      exploration.turn();
      while (awaitTurn()) {
        Command command = next();
        if (command != null) {
          exploration.execute(command);
        }
        exploration.turn();
      }
    } catch (RuntimeException e) {
      LOG.error("Exploration of {} ended", session.id(), e);
      exploration.abandon();
    } finally {
      session.removeWatcher(watcher);
      close();
      session.leave();
    }
  }

  /** {@return false once it was closed} */
  private boolean awaitTurn() {
    lock.lock();
    try {
      long left = exploration.sleepNs();
      while (!closed && !nudged && commands.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      nudged = false;
      return !closed;
    } catch (InterruptedException _) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Command next() {
    lock.lock();
    try {
      return commands.poll();
    } finally {
      lock.unlock();
    }
  }
}
