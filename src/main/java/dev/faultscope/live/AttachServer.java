package dev.faultscope.live;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.UnixListener;
import dev.faultscope.linux.UnixSocket;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.LiveHandler;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.timeline.Recorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for peers on a socket and serves each on a thread of its own. */
public final class AttachServer implements AutoCloseable {
  private static final long ACCEPT_SLICE_MS = 100;
  private static final int MOST_GREETING = 16;

  private final UnixListener listener;
  private final @Nullable GuestMemoryFile memory;
  private final HandlerPolicy policy;
  private final LiveOptions options;
  private final Recordings recordings;
  private final Watcher watcher;
  private final List<LiveHandler> handlers = new CopyOnWriteArrayList<>();
  private final List<LiveSummary> summaries = new CopyOnWriteArrayList<>();
  private volatile boolean stopRequested;
  private final AtomicInteger greeted = new AtomicInteger();
  private boolean serving;

  /** Opens a recording for each peer. */
  @FunctionalInterface
  public interface Recordings {
    /**
     * {@return where a peer's events go}; closed when the peer left, if it can be
     *
     * @param peer who it is
     * @param number its number, from 1
     */
    Recorder open(Peer peer, int number) throws IOException;
  }

  /** Told what happens; on the threads where it happens. */
  public interface Watcher {
    /** A peer's memory is served from now on. */
    void attached(Peer peer, LiveControl control);

    /** A peer came and was sent away. */
    void refused(IOException reason);

    /** A peer's run ended. */
    void left(Peer peer, LiveSummary summary);
  }

  /** Binds the socket. */
  public AttachServer(
      Path socket,
      @Nullable GuestMemoryFile memory,
      HandlerPolicy policy,
      LiveOptions options,
      Recordings recordings,
      Watcher watcher)
      throws IOException {
    this.memory = memory;
    this.policy = policy;
    this.options = options;
    this.recordings = recordings;
    this.watcher = watcher;
    listener = UnixListener.bind(socket);
  }

  /**
   * Serves peers until this many have come and left, or {@link #stop}. Once only: the socket is
   * gone afterwards.
   *
   * @param acceptTimeout how long to wait for each; zero for ever
   * @param greetTimeout how long a peer may take to send its handshake
   * @return a summary each, in the order they left
   * @throws LinuxException EAGAIN where a peer did not come in time
   */
  public List<LiveSummary> serve(int peers, Duration acceptTimeout, Duration greetTimeout)
      throws IOException {
    synchronized (this) {
      serving = true;
    }
    List<Thread> threads = new ArrayList<>();
    try {
      acceptPeers(threads, peers, acceptTimeout, greetTimeout);
    } finally {
      // The socket goes first: nobody should connect to whom no more peers will be served.
      synchronized (this) {
        serving = false;
        listener.close();
      }
      for (Thread thread : threads) {
        join(thread);
      }
    }
    return List.copyOf(summaries);
  }

  private void acceptPeers(
      List<Thread> threads, int peers, Duration acceptTimeout, Duration greetTimeout)
      throws LinuxException {
    int connections = 0;
    long deadline = System.nanoTime() + acceptTimeout.toNanos();
    while (!stopRequested && greeted.get() < peers) {
      threads.removeIf(thread -> !thread.isAlive());
      // Whoever is being greeted may be the last wanted; a silent one must not keep the others out.
      int greeting = threads.size() - handlers.size();
      if (greeting < MOST_GREETING) {
        try {
          UnixSocket socket = listener.accept(ACCEPT_SLICE_MS);
          connections++;
          threads.add(greetAndServe(socket, connections, peers, greetTimeout));
          deadline = System.nanoTime() + acceptTimeout.toNanos();
          continue;
        } catch (LinuxException failure) {
          if (failure.errno() != Errno.EAGAIN
              || (!acceptTimeout.isZero() && greeting == 0 && System.nanoTime() > deadline)) {
            throw failure;
          }
        }
      } else {
        LockSupport.parkNanos(ACCEPT_SLICE_MS * 1_000_000);
      }
    }
  }

  private Thread greetAndServe(UnixSocket socket, int number, int peers, Duration greetTimeout) {
    return Thread.ofPlatform()
        .name("faultscope-handler-" + number)
        .start(
            () -> {
              try {
                Peer peer = Peer.greet(socket, greetTimeout.toMillis());
                serve(peer, peers);
              } catch (IOException refusal) {
                watcher.refused(refusal);
              } catch (RuntimeException failure) {
                watcher.refused(new IOException("a handler failed: " + failure, failure));
              }
            });
  }

  private void serve(Peer peer, int peers) throws IOException {
    try (peer) {
      if (memory != null) {
        memory.checkHolds(peer.regions());
      }
      int number = greeted.incrementAndGet();
      if (number > peers) {
        throw new IOException(peers + " peers were wanted, and this is one too many");
      }
      Recorder recorder = recordings.open(peer, number);
      try (LiveHandler handler = new LiveHandler(peer, memory, policy, options, recorder)) {
        handlers.add(handler);
        if (stopRequested) {
          handler.stop();
        }
        watcher.attached(peer, handler);
        LiveSummary summary = handler.run();
        handlers.remove(handler);
        summaries.add(summary);
        watcher.left(peer, summary);
      } finally {
        if (recorder instanceof AutoCloseable closeable) {
          close(closeable);
        }
      }
    }
  }

  private void close(AutoCloseable recorder) {
    try {
      recorder.close();
    } catch (Exception failure) {
      watcher.refused(new IOException("the recording could not be closed", failure));
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has every handler end in good order and no new peer accepted. */
  public void stop() {
    stopRequested = true;
    handlers.forEach(LiveHandler::stop);
  }

  /** Stops; a {@link #serve} that runs closes the socket when it has noticed. */
  @Override
  public void close() {
    stop();
    synchronized (this) {
      if (!serving) {
        listener.close();
      }
    }
  }
}
