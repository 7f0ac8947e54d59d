package dev.faultscope.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.guest.GuestLauncher;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.HoldRule;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.NoRecorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A handler in this process, and guests in processes of their own, which are gone when it is
 * closed.
 */
final class LiveFixture implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Path directory;
  private final @Nullable GuestMemoryFile memory;
  private final AttachServer server;
  private final FutureTask<List<LiveSummary>> served;
  private final BlockingQueue<LiveControl> attached = new ArrayBlockingQueue<>(16);
  private final List<Process> guests = new ArrayList<>();
  final List<IOException> refusals = new ArrayList<>();
  private volatile @Nullable HoldRule held;

  LiveFixture(Path directory, @Nullable Path content, HandlerPolicy policy, int peers)
      throws IOException {
    this(
        directory, content, policy, peers, LiveOptions.DEFAULT, (peer, number) -> new NoRecorder());
  }

  LiveFixture(
      Path directory,
      @Nullable Path content,
      HandlerPolicy policy,
      int peers,
      LiveOptions options,
      AttachServer.Recordings recordings)
      throws IOException {
    this.directory = directory;
    memory = content == null ? null : GuestMemoryFile.open(content);
    server =
        new AttachServer(
            directory.resolve("uffd.sock"), memory, policy, options, recordings, watcher());
    served = new FutureTask<>(() -> server.serve(peers, LONGEST, Duration.ofSeconds(20)));
    Thread.ofPlatform().daemon().name("attach-server").start(served);
  }

  private AttachServer.Watcher watcher() {
    return new AttachServer.Watcher() {
      @Override
      public void attached(Peer peer, LiveControl control) {
        HoldRule hold = held;
        if (hold != null) {
          // Asked for before its first message is read, so that no fault slips by.
          CompletableFuture<Void> asked = control.hold(hold);
          assertThat(asked).isNotCompletedExceptionally();
        }
        attached.add(control);
      }

      @Override
      public void refused(IOException reason) {
        refusals.add(reason);
      }

      @Override
      public void left(Peer peer, LiveSummary summary) {}
    };
  }

  /** A file of reproducible bytes, none of its pages zero. */
  static Path content(Path directory, int mib) throws IOException {
    Path file = directory.resolve("memory-" + mib);
    ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long word = 0;
      for (int i = 0; i < mib; i++) {
        chunk.clear();
        while (chunk.hasRemaining()) {
          word += 0x9e3779b97f4a7c15L;
          chunk.putLong(word ^ word >>> 29);
        }
        chunk.flip();
        channel.write(chunk);
      }
    }
    return file;
  }

  Path socket() {
    return directory.resolve("uffd.sock");
  }

  Process guest(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("--socket", socket().toString(), "--limit", "50"));
    all.addAll(List.of(arguments));
    return start(GuestLauncher.process(all));
  }

  Process start(ProcessBuilder builder) throws IOException {
    Path output = Files.createTempFile(directory, "guest", ".out");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    guests.add(process);
    outputs.add(output);
    return process;
  }

  private final List<Path> outputs = new ArrayList<>();

  /** Waits for a guest to end well. {@return what it printed} */
  String endsWell(Process guest) throws Exception {
    assertThat(guest.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).as("the guest ends").isTrue();
    String said = output(guest);
    assertThat(guest.exitValue()).as(said).isZero();
    return said;
  }

  String output(Process guest) throws IOException {
    return Files.readString(outputs.get(guests.indexOf(guest)), StandardCharsets.UTF_8);
  }

  /** Holds such faults of every peer that comes from now on, from its first fault on. */
  void holdFromTheStart(HoldRule which) {
    held = which;
  }

  /** {@return the hand on the next peer's handler} */
  LiveControl control() throws InterruptedException {
    LiveControl control = attached.poll(LONGEST.toSeconds(), TimeUnit.SECONDS);
    if (control == null) {
      throw new AssertionError("no peer came; refused: " + refusals);
    }
    return control;
  }

  List<LiveSummary> summaries() throws Exception {
    return served.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
  }

  void stop() {
    server.stop();
  }

  @Override
  public void close() throws IOException {
    for (Process guest : guests) {
      guest.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
    server.close();
    try {
      served.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failure) {
      throw new IOException("the server did not end well", failure);
    }
    if (memory != null) {
      memory.close();
    }
    assertThat(socket()).doesNotExist();
  }
}
