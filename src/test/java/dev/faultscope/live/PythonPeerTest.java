package dev.faultscope.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.testsupport.Conditions;
import dev.faultscope.testsupport.Programs;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program that shares no code with us speaks the handshake, has its memory filled from a file and
 * compares every byte.
 */
@Requires(Requirement.UFFD)
@Timeout(120)
class PythonPeerTest {
  private static final int MIB = 256;
  private static final int PAGES = MIB * 256;

  @TempDir static Path shared;
  private static Path content = Path.of("");
  private static Path python = Path.of("");
  private static Path program = Path.of("");

  @TempDir Path directory;

  @BeforeAll
  static void prepare() throws Exception {
    Path found = Programs.find("python3").orElse(null);
    Assumptions.assumeTrue(found != null, "no python3 on the PATH");
    python = Objects.requireNonNull(found);
    program =
        Path.of(Objects.requireNonNull(PythonPeerTest.class.getResource("/peers/peer.py")).toURI());
    content = LiveFixture.content(shared, MIB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"on-demand", "prefault", "fault-all"})
  void everyByteIsRightAndWhatWasGivenBackIsZero(String policy) throws Exception {
    try (LiveFixture live = new LiveFixture(directory, content, HandlerPolicy.parse(policy), 1)) {
      int givenBack = PAGES / 8;
      assertThat(live.endsWell(peer(live, "4", "2", "balloon")))
          .contains("right, %d pages given back".formatted(givenBack));
      LiveSummary summary = live.summaries().getFirst();
      assertThat(summary.end()).isEqualTo("the peer left");
      assertThat(summary.pagesRemoved()).isEqualTo(givenBack);
      assertThat(summary.messages()).containsKey("remove");
      assertThat(summary.pagesInstalled()).isBetween((long) PAGES, (long) PAGES + givenBack);
      assertThat(summary.ioctls()).doesNotContainKeys("COPY EFAULT", "COPY EINVAL");
    }
  }

  /** Its messages name no thread. */
  @Test
  void aTraceTellsWhichOfItsThreadsWait() throws Exception {
    HoldTest.assumeToldHere();
    Path file = directory.resolve("named.fscope");
    try (LiveFixture live =
        new LiveFixture(
            directory,
            content,
            HandlerPolicy.parse("on-demand"),
            1,
            LiveOptions.DEFAULT.withOrigins(0.1),
            (peer, number) -> RecordingFile.create(file, new TimelineInfo("p", "live", 0)))) {
      Process peer = peer(live, "1", "2");
      assertThat(live.endsWell(peer)).contains("right");
      try (Timeline timeline = RecordingFile.open(file)) {
        assertThat(timeline.actors().stream().filter(actor -> actor.tid() > 0))
            .hasSizeGreaterThanOrEqualTo(2)
            .allMatch(actor -> actor.tid() >= peer.pid());
      }
    }
  }

  @Test
  void oneOfTwoPeersIsKilledWhileItsFaultsAreHeldAndTheOtherIsServedToTheEnd() throws Exception {
    try (LiveFixture live =
        new LiveFixture(directory, content, HandlerPolicy.parse("on-demand"), 2)) {
      live.holdFromTheStart(fault -> fault.page() == 2000);
      List<Process> peers = new ArrayList<>(List.of(peer(live, "1", "2"), peer(live, "1", "2")));
      LiveControl one = live.control();
      LiveControl other = live.control();
      Conditions.await("both are held", () -> isHeld(one) && isHeld(other));
      peers.getFirst().destroyForcibly();
      Conditions.await("its run is over", () -> isHeld(one) != isHeld(other));
      LiveControl alive = isHeld(one) ? one : other;
      alive.runFreely().get(20, TimeUnit.SECONDS);
      assertThat(live.endsWell(peers.getLast())).contains("right");
      assertThat(live.summaries())
          .hasSize(2)
          .allSatisfy(summary -> assertThat(summary.end()).isEqualTo("the peer left"))
          .anySatisfy(summary -> assertThat(summary.pagesInstalled()).isEqualTo(PAGES))
          .anySatisfy(summary -> assertThat(summary.pagesInstalled()).isLessThan(PAGES));
    }
  }

  private static Process peer(LiveFixture live, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(python + "", program + "", live.socket() + "", content.toString()));
    command.addAll(List.of(arguments));
    return live.start(new ProcessBuilder(command));
  }

  private static boolean isHeld(LiveControl control) {
    return !control.held().isEmpty();
  }
}
