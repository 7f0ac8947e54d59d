package dev.faultscope.session.live;

import dev.faultscope.live.AttachServer;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.RunReports;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.timeline.Recorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket, and whoever comes to it, on threads of its own. */
final class Serving {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
  private static final int MOST_REFUSALS = 20;

  private final Path socket;
  private final @Nullable Path folder;
  private final @Nullable GuestMemoryFile memory;
  private final @Nullable String hold;
  private final Runs runs;
  private final AttachServer server;
  private final Map<Peer, LiveRun> served = new ConcurrentHashMap<>();
  private final ConcurrentLinkedDeque<String> refusals = new ConcurrentLinkedDeque<>();
  private final Thread thread;
  private volatile boolean over;
  private volatile @Nullable String failure;

  /** Makes the run of a peer that came. */
  @FunctionalInterface
  interface Runs {
    LiveRun of(Peer peer, int number) throws IOException;
  }

  /**
   * Binds the socket; {@link #start} begins.
   *
   * @param folder the socket's folder where it is this one's own, to be deleted in the end
   * @param ended told when nobody more will come and all have left
   */
  Serving(
      Path socket,
      @Nullable Path folder,
      @Nullable GuestMemoryFile memory,
      HandlerPolicy policy,
      LiveOptions options,
      @Nullable String hold,
      int peers,
      Duration acceptTimeout,
      Duration greetTimeout,
      Runs runs,
      Runnable ended)
      throws IOException {
    this.socket = socket;
    this.folder = folder;
    this.memory = memory;
    this.hold = hold;
    this.runs = runs;
    server = new AttachServer(socket, memory, policy, options, this::open, new Listener());
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("live-" + socket.getFileName())
            .unstarted(() -> serve(peers, acceptTimeout, greetTimeout, ended));
  }

  void start() {
    thread.start();
  }

  private void serve(int peers, Duration acceptTimeout, Duration greetTimeout, Runnable ended) {
    try {
      List<LiveSummary> _ = server.serve(peers, acceptTimeout, greetTimeout);
    } catch (IOException late) {
      failure = late.getMessage();
    } catch (RuntimeException broken) {
      LOG.error("Serving at {} ended", socket, broken);
      failure = "It met an error it did not expect; the log says which.";
    } finally {
      for (LiveRun run : served.values()) {
        run.failed("its handler ended" + (refusals.isEmpty() ? "" : ": " + refusals.getLast()));
      }
      ended.run();
      if (memory != null) {
        memory.close();
      }
      deleteFolder();
      over = true;
    }
  }

  private void deleteFolder() {
    Path own = folder;
    if (own == null) {
      return;
    }
    try {
      SocketFolder.delete(own);
    } catch (IOException left) {
      LOG.warn("{} is left over: {}", own, left.toString());
    }
  }

  private Recorder open(Peer peer, int number) throws IOException {
    LiveRun run = runs.of(peer, number);
    served.put(peer, run);
    return run.recorder();
  }

  private final class Listener implements AttachServer.Watcher {
    @Override
    public void attached(Peer peer, LiveControl control) {
      LiveRun run = served.get(peer);
      if (run != null) {
        run.attached(peer, control, hold);
      }
    }

    @Override
    public void refused(IOException reason) {
      refusals.addLast("" + reason.getMessage());
      if (refusals.size() > MOST_REFUSALS) {
        refusals.pollFirst();
      }
    }

    @Override
    public void left(Peer peer, LiveSummary summary) {
      LiveRun run = served.remove(peer);
      if (run != null) {
        run.ended(
            summary.end(),
            RunReports.of(
                0,
                List.of(summary),
                Map.of(),
                summary.events(),
                Map.of(),
                run.elapsedNs(),
                RunReport.Expectations.NONE),
            List.of(summary));
      }
    }
  }

  Path socket() {
    return socket;
  }

  boolean isOver() {
    return over;
  }

  /** {@return why nobody more will come; null where that is as it should be} */
  @Nullable String failure() {
    return failure;
  }

  /** {@return the last who came and were sent away, and why} */
  List<String> refusals() {
    return List.copyOf(refusals);
  }

  void stop() {
    server.stop();
  }

  /**
   * Stops and waits for the end.
   *
   * @param end when not to wait any longer, as {@link System#nanoTime} tells it
   */
  void close(long end) {
    server.close();
    try {
      if (thread.isAlive()) {
        thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
