package dev.faultscope.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.guest.GuestLauncher;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever is killed, and whenever: the others end by themselves, nothing stays, and the recording
 * opens.
 */
@Requires(Requirement.UFFD)
@Timeout(300)
class KillTest {
  /** {@code -Dfaultscope.kills=24} for the whole count. */
  private static final int KILLS = Integer.getInteger("faultscope.kills", 8);

  private static final int AT_ONCE = 4;

  @TempDir Path directory;

  /** A server and its guest, each a process. */
  private record Pair(Path home, Process server, Process guest, boolean killsServer, int afterMs) {}

  @Test
  void anyOfThemKilledAtAnyMomentLeavesNothing() throws Exception {
    SplittableRandom random = new SplittableRandom(20261123);
    for (int done = 0; done < KILLS; done += AT_ONCE) {
      List<Pair> pairs = new ArrayList<>();
      try {
        for (int i = 0; i < AT_ONCE; i++) {
          pairs.add(start(done + i, random));
        }
        for (Pair pair : pairs) {
          Thread.sleep(pair.afterMs());
          (pair.killsServer() ? pair.server() : pair.guest()).destroyForcibly();
        }
        for (Pair pair : pairs) {
          check(pair);
        }
      } finally {
        for (Pair pair : pairs) {
          pair.server().destroyForcibly();
          pair.guest().destroyForcibly();
        }
      }
    }
  }

  private Pair start(int number, SplittableRandom random) throws Exception {
    Path home = Files.createDirectory(directory.resolve("kill-" + number));
    Path socket = home.resolve("s");
    List<String> attach = new ArrayList<>(GuestLauncher.command(List.of()));
    attach.removeLast();
    attach.addAll(
        List.of("attach", "--socket", "" + socket, "--record", home.resolve("r.fscope") + ""));
    Process server = run(attach);
    try {
      LiveFixture.await("the socket is there", () -> Files.exists(socket));
      Process guest =
          run(
              GuestLauncher.command(
                  List.of("--socket", "" + socket, "--mode", "MISSING", "--mib", "8192")));
      return new Pair(home, server, guest, random.nextBoolean(), random.nextInt(700));
    } catch (InterruptedException | IOException | AssertionError failure) {
      server.destroyForcibly();
      throw failure;
    }
  }

  private static Process run(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void check(Pair pair) throws Exception {
    Process survivor = pair.killsServer() ? pair.guest() : pair.server();
    if (!pair.killsServer() && !Files.exists(pair.home().resolve("r.fscope"))) {
      // Killed before it could say hello: the server waits for another.
      pair.server().toHandle().destroy();
    }
    assertThat(survivor.waitFor(30, TimeUnit.SECONDS))
        .as("the survivor of %s ends by itself", pair)
        .isTrue();
    if (!pair.killsServer()) {
      assertThat(pair.server().exitValue()).isZero();
      try (Stream<Path> left = Files.list(pair.home())) {
        assertThat(left.map(file -> "" + file.getFileName())).doesNotContain("s");
      }
    }
    Path recording = pair.home().resolve("r.fscope");
    if (Files.exists(recording) && Files.size(recording) > 0) {
      try (Timeline timeline = RecordingFile.open(recording);
          Cursor cursor = timeline.cursor()) {
        cursor.seek(timeline.lastSequence());
        assertThat(cursor.position()).isEqualTo(timeline.lastSequence());
      }
    }
  }
}
