package dev.faultscope.cli;

import dev.faultscope.linux.Processes;
import dev.faultscope.live.AttachServer;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.guest.GuestLauncher;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.Placement;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves the same guests by the C handler and by ours, turn and turn about, and sets the medians
 * side by side. Ours records every event to a file.
 */
final class LiveBenchmark {
  private static final int SECONDS = 120;
  private static final Duration SPIN = Duration.ofNanos(60_000);

  /** A guest to serve. */
  enum Setup {
    MINOR_1("memfd MINOR, 1 thread", 1, "--backing", "MEMFD", "--mode", "MINOR"),
    MINOR_2("memfd MINOR, 2 threads", 2, "--backing", "MEMFD", "--mode", "MINOR"),
    MISSING_1("anon MISSING, 1 thread", 1, "--backing", "ANON", "--mode", "MISSING"),
    MISSING_2("anon MISSING, 2 threads", 2, "--backing", "ANON", "--mode", "MISSING"),
    KVM_1(
        "KVM guest, memfd MINOR, 1 vCPU",
        1,
        "--backing",
        "MEMFD",
        "--mode",
        "MINOR",
        "--workload",
        "VCPU");

    private final String title;
    private final List<String> arguments;

    Setup(String title, int workers, String... arguments) {
      this.title = title;
      this.arguments = new ArrayList<>(Arrays.asList(arguments));
      this.arguments.addAll(List.of("--workers", workers + ""));
    }
  }

  /** Who serves it. */
  enum Handler {
    C_BLOCKING("C, blocking read, 1 page an ioctl"),
    OURS_SLEEPING("ours, sleeping, 1 page"),
    OURS_SPINNING("ours, spinning, 1 page"),
    OURS_MEASURED("ours, placement measured, 1 page"),
    C_BATCH("C, poll, 64 pages an ioctl"),
    OURS_BATCH("ours, sleeping, 64 pages"),
    OURS_BATCH_MEASURED("ours, placement measured, 64 pages");

    private final String title;

    Handler(String title) {
      this.title = title;
    }

    private boolean isOurs() {
      return this != C_BLOCKING && this != C_BATCH;
    }

    /** Measuring chooses a placement, so it is given none. */
    private boolean fits(Placement placement) {
      return placement == Placement.FREE || (this != OURS_MEASURED && this != OURS_BATCH_MEASURED);
    }

    private LiveOptions options(Placement placement) {
      return switch (this) {
        case OURS_SPINNING -> LiveOptions.DEFAULT.withSpin(SPIN).withPlacement(placement, false);
        case OURS_MEASURED, OURS_BATCH_MEASURED ->
            LiveOptions.DEFAULT.withPlacement(Placement.MEASURED, true);
        case OURS_SLEEPING, OURS_BATCH, C_BLOCKING, C_BATCH ->
            LiveOptions.DEFAULT.withPlacement(placement, false);
      };
    }

    private HandlerPolicy policy() {
      return HandlerPolicy.parse(
          this == OURS_BATCH || this == OURS_BATCH_MEASURED ? "batch:64" : "on-demand");
    }
  }

  private record Case(Setup setup, Placement placement, Handler handler) {}

  private final Path folder;
  private final int mib;
  private final int rounds;
  private final Consumer<String> out;
  private final Map<Case, List<Double>> rates = new LinkedHashMap<>();
  private final Map<Case, String> remarks = new LinkedHashMap<>();

  LiveBenchmark(Path folder, int mib, int rounds, Consumer<String> out) {
    this.folder = folder;
    this.mib = mib;
    this.rounds = rounds;
    this.out = out;
  }

  /** Measures; the first round warms up and does not count. */
  void run(Path source, List<Setup> setups, List<Placement> placements, List<Handler> handlers)
      throws IOException {
    Path home = Files.createTempDirectory(folder, "faultscope-bench-");
    try {
      CHandler c = CHandler.compile(source, home);
      Path content = content(home);
      try (GuestMemoryFile memory = GuestMemoryFile.open(content)) {
        for (int round = 0; round <= rounds; round++) {
          for (Setup setup : setups) {
            for (Placement placement : placements) {
              for (Handler handler : handlers) {
                if (handler.fits(placement)) {
                  measure(new Case(setup, placement, handler), round, home, c, content, memory);
                }
              }
            }
          }
          out.accept(
              "round %d of %d done%s".formatted(round, rounds, round == 0 ? " (warm-up)" : ""));
        }
      }
      print();
    } finally {
      for (String name :
          List.of("uffd_handler", "cc.txt", "memory", "s", "r.fscope", "guest.txt")) {
        Files.deleteIfExists(home.resolve(name));
      }
      Files.deleteIfExists(home);
    }
  }

  /** A file whose pages are not zero. */
  private Path content(Path home) throws IOException {
    Path file = home.resolve("memory");
    ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
    try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < mib; i++) {
        chunk.clear();
        while (chunk.hasRemaining()) {
          chunk.putLong(((long) i << 20 | chunk.position()) * 0x9e3779b97f4a7c15L);
        }
        to.write(chunk.array());
      }
    }
    return file;
  }

  private void measure(
      Case measured, int round, Path home, CHandler c, Path content, GuestMemoryFile memory)
      throws IOException {
    Path socket = home.resolve("s");
    List<Integer> cpus = Processes.affinity();
    // As the placer does: the handler on the last CPU.
    int handlerCpu = measured.placement() == Placement.FREE ? -1 : cpus.getLast();
    List<String> arguments =
        new ArrayList<>(List.of("--socket", socket + "", "--mib", mib + "", "--json"));
    arguments.addAll(measured.setup().arguments);
    switch (measured.placement()) {
      case SAME -> arguments.addAll(List.of("--cpus", cpus.getLast() + ""));
      case APART -> arguments.addAll(List.of("--cpus", cpus.getFirst() + ""));
      case FREE, MEASURED -> {}
    }
    double rate;
    if (measured.handler().isOurs()) {
      rate = ours(measured, socket, home, arguments, memory);
    } else {
      boolean blocking = measured.handler() == Handler.C_BLOCKING;
      Process handler = c.start(socket, blocking, blocking ? 1 : 64, handlerCpu, content);
      try {
        awaitSocket(socket, handler);
        rate = guest(arguments, home);
        ended(handler, "the C handler");
      } finally {
        handler.destroyForcibly();
      }
    }
    if (round > 0) {
      rates.computeIfAbsent(measured, ignored -> new ArrayList<>()).add(rate);
    }
  }

  private double ours(
      Case measured, Path socket, Path home, List<String> arguments, GuestMemoryFile memory)
      throws IOException {
    Path recording = home.resolve("r.fscope");
    Handler handler = measured.handler();
    try (AttachServer server =
        new AttachServer(
            socket,
            memory,
            handler.policy(),
            handler.options(measured.placement()),
            (peer, number) ->
                RecordingFile.create(recording, new TimelineInfo(peer.name(), "live", 0)),
            new Silent())) {
      FutureTask<List<LiveSummary>> served =
          new FutureTask<>(
              () -> server.serve(1, Duration.ofSeconds(SECONDS), Duration.ofSeconds(SECONDS)));
      Thread.ofPlatform().daemon().name("bench-attach").start(served);
      double rate = guest(arguments, home);
      LiveSummary summary = served.get(SECONDS, TimeUnit.SECONDS).getFirst();
      remarks.put(measured, check(recording, summary));
      return rate;
    } catch (ExecutionException failure) {
      throw new IOException("our handler failed", failure.getCause());
    } catch (TimeoutException late) {
      throw new IOException("our handler did not end", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  /** {@return what is worth saying of a run, once its recording was found to lack nothing} */
  private static String check(Path recording, LiveSummary summary) throws IOException {
    if (!summary.recordingFailure().isEmpty()) {
      throw new IOException("the recording ended early: " + summary.recordingFailure());
    }
    try (Timeline timeline = RecordingFile.open(recording)) {
      if (timeline.lastSequence() != summary.events()) {
        throw new IOException(
            "%d events were recorded and %d are in the file"
                .formatted(summary.events(), timeline.lastSequence()));
      }
    }
    return "%s; read to ioctl %.1f us, ioctl %.1f us (medians)"
        .formatted(
            summary.placement(), summary.readToIoctl().p50() / 1e3, summary.ioctl().p50() / 1e3);
  }

  private static void awaitSocket(Path socket, Process handler) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!Files.exists(socket)) {
      if (!handler.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("the C handler does not listen");
      }
      Thread.onSpinWait();
    }
  }

  /** {@return pages a second of all the guest's workers} */
  private static double guest(List<String> arguments, Path home) throws IOException {
    Path said = home.resolve("guest.txt");
    Process guest =
        GuestLauncher.process(arguments)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      ended(guest, "the guest");
      String text = Files.readString(said, StandardCharsets.UTF_8);
      if (guest.exitValue() != 0) {
        throw new IOException("the guest failed: " + text);
      }
      return JsonMapper.shared().readTree(text).path("pagesPerSecond").asDouble();
    } finally {
      guest.destroyForcibly();
    }
  }

  private static void ended(Process process, String who) throws IOException {
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(who + " did not end");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  private void print() {
    rates.forEach(
        (measured, all) -> {
          double median = median(all);
          Double same = reference(measured, measured.placement());
          Double free = reference(measured, Placement.FREE);
          out.accept(
              String.format(
                  Locale.ROOT,
                  "%-31s %-6s %-35s %9.0f pages/s  %s %s  %s",
                  measured.setup().title,
                  measured.placement(),
                  measured.handler().title,
                  median,
                  ratio("of C here", median, same),
                  ratio("of C free", median, free),
                  remarks.getOrDefault(measured, "")));
        });
  }

  private static String ratio(String of, double rate, @Nullable Double reference) {
    return reference == null ? "" : String.format(Locale.ROOT, "%5.2f %s", rate / reference, of);
  }

  private @Nullable Double reference(Case measured, Placement placement) {
    List<Double> all = rates.get(new Case(measured.setup(), placement, Handler.C_BLOCKING));
    return all == null ? null : median(all);
  }

  private static double median(List<Double> all) {
    double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static final class Silent implements AttachServer.Watcher {
    @Override
    public void attached(Peer peer, LiveControl control) {}

    @Override
    public void refused(IOException reason) {}

    @Override
    public void left(Peer peer, LiveSummary summary) {}
  }
}
