package dev.faultscope.session.live;

import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.session.scenario.Scenarios;
import dev.faultscope.trace.TraceFormats;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A server without its pages, in a process that can be killed: a guest of its own and a peer that
 * attaches. It prints where the peer should connect and "connected" once both are; asked by a line,
 * it waits until both are gone and prints which descriptors and threads of theirs it still has.
 */
final class KilledServer {
  private static final List<String> OF_LIVE_RUNS =
      List.of("userfaultfd", "eventfd", "pidfd", "socket:", "memfd:", "uffd.sock");

  private KilledServer() {}

  static Library library(Path home) {
    return new Library(
        new LibrarySettings(
            home.resolve("data"), 8, Duration.ofMinutes(10), 1, 1, 1 << 20, List.of()),
        new TraceImports(TraceFormats.STANDARD));
  }

  static Runs runs(Library library) {
    return new Runs(
        library, new Scenarios(List.of()), List.of(), 1, Duration.ofMinutes(10), System::nanoTime);
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    String memory = arguments[1];
    boolean vcpus = Boolean.parseBoolean(arguments[2]);
    Library library = library(home);
    library.start();
    LiveRuns live = new LiveRuns(library, runs(library), new LiveLimits(4, 8));
    LiveRun guest =
        live.start(
            new GuestOrder(
                vcpus ? "memfd" : "anon",
                vcpus ? "minor" : "missing",
                256,
                vcpus ? "vcpu" : "touch",
                2,
                "random",
                false,
                3,
                false,
                "on-demand",
                null,
                Duration.ofSeconds(60)));
    Attachment peer =
        live.attach(
            new AttachOrder(
                "",
                memory,
                "on-demand",
                null,
                Duration.ofSeconds(60),
                1,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5)));
    System.out.println(peer.view().socket());
    Thread.ofVirtual().start(() -> tellWhenConnected(guest, peer));
    BufferedReader asked =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (asked.readLine() != null) {
      while (!guest.isOver() || !peer.isOver()) {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
      live.close();
      System.out.println("left: " + left());
    }
    live.close();
    library.close();
  }

  private static void tellWhenConnected(LiveRun guest, Attachment peer) {
    while (guest.status().phase() == RunPhase.STARTING || peer.view().runs().isEmpty()) {
      if (guest.isOver() || peer.isOver()) {
        return;
      }
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    System.out.println("connected");
  }

  private static List<String> left() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      Stream<String> files =
          descriptors.map(KilledServer::target).filter(KilledServer::isOfLiveRuns);
      Stream<String> threads =
          Thread.getAllStackTraces().keySet().stream()
              .map(Thread::getName)
              .filter(name -> name.startsWith("faultscope-") || name.startsWith("live-"));
      return Stream.concat(files, threads).toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor) + "";
    } catch (IOException gone) {
      return "";
    }
  }

  private static boolean isOfLiveRuns(String target) {
    return OF_LIVE_RUNS.stream().anyMatch(target::contains);
  }
}
