package dev.faultscope.live;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.UnixListener;
import dev.faultscope.linux.UnixSocket;
import dev.faultscope.timeline.Recorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Waits for peers on a socket and serves each on a thread of its own. */
public final class AttachServer implements AutoCloseable {
  private static final long ACCEPT_SLICE_MS = 100;

  private final UnixListener listener;
  private final @Nullable MemoryFile memory;
  private final FaultPolicy policy;
  private final LiveOptions options;
  private final Recordings recordings;
  private final Watcher watcher;
  private final List<LiveHandler> handlers = new CopyOnWriteArrayList<>();
  private final List<LiveSummary> summaries = new CopyOnWriteArrayList<>();
  private volatile boolean stopRequested;
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
    void left(LiveSummary summary);
  }

  /** Binds the socket. */
  public AttachServer(
      Path socket,
      @Nullable MemoryFile memory,
      FaultPolicy policy,
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
      while (threads.size() < peers && !stopRequested) {
        UnixSocket socket = accept(acceptTimeout);
        if (socket == null) {
          break;
        }
        try {
          Peer peer = Peer.greet(socket, greetTimeout.toMillis());
          threads.add(serve(peer, threads.size() + 1));
        } catch (IOException refusal) {
          watcher.refused(refusal);
        }
      }
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

  private @Nullable UnixSocket accept(Duration timeout) throws LinuxException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!stopRequested) {
      try {
        return listener.accept(ACCEPT_SLICE_MS);
      } catch (LinuxException failure) {
        if (failure.errno() != Errno.EAGAIN
            || (!timeout.isZero() && System.nanoTime() > deadline)) {
          throw failure;
        }
      }
    }
    return null;
  }

  private Thread serve(Peer peer, int number) throws IOException {
    Recorder recorder;
    LiveHandler handler;
    try {
      if (memory != null) {
        memory.checkHolds(peer.regions());
      }
      recorder = recordings.open(peer, number);
      handler = new LiveHandler(peer, memory, policy, options, recorder);
    } catch (IOException | RuntimeException failure) {
      peer.close();
      throw failure;
    }
    handlers.add(handler);
    if (stopRequested) {
      handler.stop();
    }
    return Thread.ofPlatform()
        .name("faultscope-handler-" + number)
        .start(() -> serve(peer, handler, recorder));
  }

  private void serve(Peer peer, LiveHandler handler, Recorder recorder) {
    try (peer;
        handler) {
      watcher.attached(peer, handler);
      LiveSummary summary = handler.run();
      summaries.add(summary);
      watcher.left(summary);
    } finally {
      handlers.remove(handler);
      if (recorder instanceof AutoCloseable closeable) {
        close(closeable);
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
