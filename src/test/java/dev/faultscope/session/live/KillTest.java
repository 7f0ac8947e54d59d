package dev.faultscope.session.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.linux.Tracefs;
import dev.faultscope.session.library.Library;
import dev.faultscope.testsupport.Programs;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server, a guest of its own and a peer that attached: whichever is killed, and whenever, the
 * others end by themselves, nothing stays, and the recordings open.
 */
@Requires(Requirement.UFFD)
@Timeout(300)
class KillTest {
  /** {@code -Dfaultscope.kills=24} for the whole count. */
  private static final int KILLS = Integer.getInteger("faultscope.kills", 6);

  private static final long SEED = Long.getLong("faultscope.seed", 20261126);
  private static final int AT_ONCE = 3;
  private static final int LATEST_MS = 700;
  private static final int PATIENCE_SECONDS = 40;
  private static final int PEER_MIB = 256;

  @TempDir Path directory;

  private enum Victim {
    GUEST,
    SERVER,
    PEER
  }

  /** Who is killed, and how long after all were started, or after all are connected. */
  private record Plan(
      int number, Victim victim, boolean vcpus, boolean onceConnected, int afterMs) {}

  /** The three of them. */
  private record Scene(
      Plan plan, Path home, Process server, BufferedReader said, ProcessHandle guest, Process peer)
      implements AutoCloseable {
    void kill() {
      switch (plan.victim()) {
        case GUEST -> guest.destroyForcibly();
        case SERVER -> server.destroyForcibly();
        case PEER -> peer.destroyForcibly();
      }
    }

    @Override
    public void close() {
      server.destroyForcibly();
      guest.destroyForcibly();
      peer.destroyForcibly();
    }
  }

  @Test
  void anyOfThemKilledAtAnyMomentLeavesNothing() throws Exception {
    Assumptions.assumeTrue(Programs.find("python3").isPresent(), "no python3 on the PATH");
    Path memory = memory();
    List<Plan> plans = plans();
    for (int first = 0; first < plans.size(); first += AT_ONCE) {
      List<CompletableFuture<Void>> checks =
          plans.subList(first, Math.min(plans.size(), first + AT_ONCE)).stream()
              .map(
                  plan ->
                      CompletableFuture.runAsync(
                          () -> play(plan, memory), Thread::startVirtualThread))
              .toList();
      CompletableFuture.allOf(checks.toArray(CompletableFuture[]::new))
          .get(4 * PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static List<Plan> plans() {
    SplittableRandom random = new SplittableRandom(SEED);
    boolean kvm = Files.isWritable(Path.of("/dev/kvm"));
    List<Plan> plans = new ArrayList<>();
    for (int i = 0; i < KILLS; i++) {
      Victim victim = Victim.values()[i % Victim.values().length];
      plans.add(
          new Plan(
              i,
              victim,
              kvm && random.nextBoolean(),
              random.nextInt(3) > 0,
              random.nextInt(LATEST_MS)));
    }
    return plans;
  }

  private void play(Plan plan, Path memory) {
    try (Scene scene = start(plan, memory)) {
      if (plan.onceConnected()) {
        assertThat(scene.said().readLine()).isEqualTo("connected");
      }
      // A moment at random, and no condition: that is what is tried.
      TimeUnit.MILLISECONDS.sleep(plan.afterMs());
      scene.kill();
      check(scene);
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "%s failed (replay with -Dfaultscope.seed=%d): %s"
              .formatted(plan, SEED, failure.getMessage()),
          failure);
    }
  }

  private Scene start(Plan plan, Path memory) throws Exception {
    Path home = Files.createDirectory(directory.resolve("kill-" + plan.number()));
    Process server = server(home, memory, plan.vcpus());
    try {
      BufferedReader said = server.inputReader(StandardCharsets.UTF_8);
      String socket = said.readLine();
      assertThat(socket).as("where it listens").isNotNull();
      ProcessHandle guest = server.children().findFirst().orElseThrow();
      Process peer =
          new ProcessBuilder(
                  Programs.find("python3").orElseThrow() + "",
                  Path.of(
                          Objects.requireNonNull(KillTest.class.getResource("/peers/peer.py"))
                              .toURI())
                      + "",
                  socket,
                  memory + "",
                  "1",
                  "2",
                  "balloon")
              .redirectErrorStream(true)
              .redirectOutput(home.resolve("peer.txt").toFile())
              .start();
      return new Scene(plan, home, server, said, guest, peer);
    } catch (Exception | AssertionError failure) {
      server.destroyForcibly();
      throw failure;
    }
  }

  private static Process server(Path home, Path memory, boolean vcpus) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home", ""), "bin", "java") + "",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Djava.io.tmpdir=" + home,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path", ""),
            KilledServer.class.getName(),
            home + "",
            memory + "",
            vcpus + "")
        .redirectError(home.resolve("server.txt").toFile())
        .start();
  }

  private static void check(Scene scene) throws Exception {
    Plan plan = scene.plan();
    if (plan.victim() == Victim.SERVER) {
      ended(scene.server(), "the server");
    } else {
      scene.server().outputWriter(StandardCharsets.UTF_8).append("\n").flush();
      assertThat(scene.said().lines().filter(line -> !line.equals("connected")))
          .containsExactly("left: []");
      ended(scene.server(), "the server");
      assertThat(scene.server().exitValue()).isZero();
    }
    scene.guest().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    ended(scene.peer(), "the peer");
    String peerSaid = Files.readString(scene.home().resolve("peer.txt"));
    switch (plan.victim()) {
      case GUEST -> assertThat(scene.peer().exitValue()).as(peerSaid).isZero();
      // 0: it was served to the end before.
      case SERVER -> assertThat(scene.peer().exitValue()).as(peerSaid).isIn(0, 1, 4);
      case PEER -> {}
    }
    assertThat(peerSaid).doesNotContain("wrong");
    if (plan.victim() == Victim.SERVER) {
      // What a killed server leaves, its next start deletes.
      SocketFolder.sweep(scene.home());
    }
    assertThat(names(scene.home())).containsOnly("data", "peer.txt", "server.txt");
    checkTraces(scene);
    checkRecordings(scene.home());
  }

  private static void checkTraces(Scene scene) throws IOException {
    if (Requirement.TRACEFS.missing().isPresent()) {
      return;
    }
    try (Tracefs tracefs = Tracefs.open()) {
      if (scene.plan().victim() == Victim.SERVER) {
        // What a killed server leaves, the next that traces deletes.
        tracefs.sweep();
      }
      assertThat(tracefs.madeBy(scene.server().pid())).as("trace instances left").isEmpty();
    }
  }

  private static void ended(Process process, String who) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .as(who + " ends by itself")
        .isTrue();
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isReadable(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName() + "").toList();
    }
  }

  private static void checkRecordings(Path home) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(home.resolve("data"))) {
      files = all.filter(file -> (file + "").endsWith(".fscope")).toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      try (Timeline timeline = RecordingFile.open(file);
          Cursor cursor = timeline.cursor()) {
        cursor.seek(timeline.lastSequence());
        assertThat(cursor.position()).isEqualTo(timeline.lastSequence());
      }
    }
    try (Library library = KilledServer.library(home)) {
      library.start();
      assertThat(library.list()).hasSameSizeAs(files);
    }
  }

  private Path memory() throws IOException {
    Path file = directory.resolve("memory");
    ByteBuffer words = ByteBuffer.allocate(PEER_MIB << 20);
    for (long word = 1; words.hasRemaining(); word++) {
      words.putLong(word * 0x9e3779b97f4a7c15L);
    }
    Files.write(file, words.array());
    return file;
  }
}
