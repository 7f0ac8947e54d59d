package dev.faultscope.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.linux.Processes;
import dev.faultscope.linux.UnixSocket;
import dev.faultscope.live.guest.GuestLauncher;
import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.NoRecorder;
import dev.faultscope.live.handler.Placement;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.policy.PolicySpec;
import dev.faultscope.testsupport.Conditions;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineException;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests in processes of their own hand their memory over and compare every byte. */
@Requires(Requirement.UFFD)
@Timeout(180)
class AttachTest {
  private static final int MIB = 256;
  private static final long PAGES = MIB * 256L;

  @TempDir static Path shared;
  private static Path content = Path.of("");

  @TempDir Path directory;

  @BeforeAll
  static void makeContent() throws IOException {
    content = LiveFixture.content(shared, MIB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"on-demand", "batch:32", "prefault", "fault-all"})
  void everyByteIsRightUnderEveryPolicy(String policy) throws Exception {
    try (LiveFixture live = new LiveFixture(directory, content, HandlerPolicy.parse(policy), 1)) {
      Process guest =
          live.guest(
              "--backing",
              "ANON",
              "--mode",
              "MISSING",
              "--mib",
              "" + MIB,
              "--regions",
              "3",
              "--workers",
              "2",
              "--pattern",
              "RANDOM",
              "--content",
              content.toString());
      assertThat(live.endsWell(guest)).contains("Pages checked:\t65536, wrong: 0");
      LiveSummary summary = live.summaries().getFirst();
      assertThat(summary.end()).isEqualTo("the peer left");
      assertThat(summary.pagesInstalled()).isEqualTo(PAGES);
      assertThat(summary.ioctls()).doesNotContainKey("COPY EFAULT");
    }
  }

  @Test
  void workingSetOfAnEarlierRunIsFilledInBeforeItIsTouched() throws Exception {
    Path small = LiveFixture.content(shared, 32);
    HandlerPolicy policy =
        HandlerPolicy.ofOffsets(
            PolicySpec.parse("working-set"),
            LongStream.range(0, 32 * 256).map(page -> page * 4096).boxed().toList());
    try (LiveFixture live = new LiveFixture(directory, small, policy, 1)) {
      Process guest =
          live.guest(
              "--backing",
              "ANON",
              "--mode",
              "MISSING",
              "--mib",
              "32",
              "--pattern",
              "RANDOM",
              "--content",
              small.toString());
      assertThat(live.endsWell(guest)).contains("Pages checked:\t8192, wrong: 0");
      LiveSummary summary = live.summaries().getFirst();
      assertThat(summary.pagesInstalled()).isEqualTo(32 * 256);
      assertThat(summary.faults()).isLessThan(32 * 256);
    }
  }

  @Test
  void silentPeerKeepsNobodyWaiting() throws Exception {
    Path small = LiveFixture.content(shared, 1);
    try (LiveFixture live = new LiveFixture(directory, small, HandlerPolicy.parse("on-demand"), 1);
        UnixSocket silent = UnixSocket.connect(live.socket())) {
      long started = System.nanoTime();
      live.endsWell(
          live.guest(
              "--backing", "ANON", "--mode", "MISSING", "--mib", "1", "--content", "" + small));
      assertThat(System.nanoTime() - started)
          .as("the fixture gives a peer 20 s to speak")
          .isLessThan(TimeUnit.SECONDS.toNanos(15));
      assertThat(silent.fd().isClosed()).isFalse();
    }
  }

  @Test
  void recordingThatCannotBeWrittenDoesNotStopTheGuest() throws Exception {
    Path small = LiveFixture.content(shared, 1);
    NoRecorder full =
        new NoRecorder() {
          @Override
          public long append(EventDraft draft) {
            if (lastSequence() == 100) {
              throw new UncheckedIOException(new IOException("No space left on device"));
            }
            return super.append(draft);
          }
        };
    try (LiveFixture live =
        new LiveFixture(
            directory,
            small,
            HandlerPolicy.parse("on-demand"),
            1,
            LiveOptions.DEFAULT,
            (peer, number) -> full)) {
      live.endsWell(
          live.guest(
              "--backing", "ANON", "--mode", "MISSING", "--mib", "1", "--content", "" + small));
      LiveSummary summary = live.summaries().getFirst();
      assertThat(summary.recordingFailure()).contains("No space left");
      assertThat(summary.events()).isEqualTo(100);
      assertThat(summary.pagesInstalled()).isEqualTo(256);
    }
  }

  @Test
  void pagesGivenBackDuringTheRunAreZeroAndTheOthersRight() throws Exception {
    try (LiveFixture live =
        new LiveFixture(directory, content, HandlerPolicy.parse("on-demand"), 1)) {
      Process guest =
          live.guest(
              "--backing",
              "ANON",
              "--mode",
              "MISSING",
              "--mib",
              "" + MIB,
              "--workers",
              "2",
              "--content",
              content.toString(),
              "--balloon");
      assertThat(live.endsWell(guest)).contains("Pages checked:\t65536, wrong: 0");
      LiveSummary summary = live.summaries().getFirst();
      assertThat(summary.pagesRemoved()).isEqualTo(PAGES / 4);
      assertThat(summary.messages()).containsKey("remove");
    }
  }

  @Test
  void measuredPlacementServesEveryPageAndPutsThePeersThreadsBack() throws Exception {
    List<Integer> before = Processes.affinity();
    try (LiveFixture live =
        new LiveFixture(
            directory,
            null,
            HandlerPolicy.parse("on-demand"),
            1,
            LiveOptions.DEFAULT.withPlacement(Placement.MEASURED, true),
            (peer, number) -> new NoRecorder())) {
      // More faults than the trial takes.
      live.endsWell(live.guest("--backing", "MEMFD", "--mode", "MINOR", "--mib", "64"));
      LiveSummary summary = live.summaries().getFirst();
      assertThat(summary.faults()).isEqualTo(64 * 256);
      assertThat(summary.placement()).matches("(free|same|apart), (spinning|sleeping)");
    }
    assertThat(Processes.affinity()).isEqualTo(before);
  }

  @Test
  void twoPeersAtOnceAreServedApart() throws Exception {
    Path small = LiveFixture.content(shared, 32);
    try (LiveFixture live =
        new LiveFixture(directory, small, HandlerPolicy.parse("on-demand"), 2)) {
      String[] arguments = {
        "--backing", "ANON", "--mode", "MISSING", "--mib", "32", "--content", small.toString()
      };
      Process one = live.guest(arguments);
      Process other = live.guest(arguments);
      live.endsWell(one);
      live.endsWell(other);
      assertThat(live.summaries())
          .hasSize(2)
          .allSatisfy(summary -> assertThat(summary.pagesInstalled()).isEqualTo(32 * 256));
    }
  }

  @Test
  void killedPeerLeavesNothingBehind() throws Exception {
    Set<String> before = openDescriptors();
    try (LiveFixture live =
        new LiveFixture(directory, content, HandlerPolicy.parse("on-demand"), 1)) {
      live.holdFromTheStart(fault -> fault.page() > 2000);
      Process guest =
          live.guest(
              "--backing",
              "ANON",
              "--mode",
              "MISSING",
              "--mib",
              "" + MIB,
              "--workers",
              "2",
              "--content",
              content.toString());
      LiveControl control = live.control();
      Conditions.await("a fault is held", () -> !control.held().isEmpty());
      guest.destroyForcibly();
      LiveSummary summary = live.summaries().getFirst();
      assertThat(summary.end()).isEqualTo("the peer left");
      assertThat(control.held()).isEmpty();
    }
    assertThat(openDescriptors()).hasSameSizeAs(before);
  }

  @Test
  void peerWithMoreMemoryThanTheFileHasIsSentAway() throws Exception {
    Path small = LiveFixture.content(shared, 1);
    try (LiveFixture live =
        new LiveFixture(directory, small, HandlerPolicy.parse("on-demand"), 1)) {
      Process guest = live.guest("--backing", "ANON", "--mode", "MISSING", "--mib", "2");
      assertThat(guest.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(guest.exitValue()).as("nobody will answer its faults, so it ends").isEqualTo(4);
      assertThat(live.refusals).singleElement().asString().contains("which has 1048576");
      live.stop();
    }
  }

  @Test
  void guestWhoseHandlerIsKilledEndsItself() throws Exception {
    Path socket = directory.resolve("uffd.sock");
    List<String> java = new ArrayList<>(GuestLauncher.command(List.of()));
    java.removeLast();
    Path cut = directory.resolve("cut.fscope");
    Process attach = start(java, "attach", "--socket", socket + "", "--record", cut + "");
    try {
      Conditions.await("the socket is there", () -> Files.exists(socket));
      Process guest =
          GuestLauncher.process(
                  List.of("--socket", "" + socket, "--mode", "MISSING", "--mib", "8192"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        Conditions.await("a whole chunk is in the file", () -> recorded(cut) > 0);
        attach.destroyForcibly();
        assertThat(guest.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(guest.exitValue()).isEqualTo(4);
      } finally {
        guest.destroyForcibly();
      }
    } finally {
      attach.destroyForcibly().waitFor();
    }
    assertThat(recorded(cut)).isPositive();
  }

  /** {@return events that can be read of a recording, 0 before it is one} */
  private static long recorded(Path file) {
    try (Timeline timeline = RecordingFile.open(file)) {
      return timeline.lastSequence();
    } catch (IOException | TimelineException notYet) {
      return 0;
    }
  }

  @Test
  void terminatedCommandFillsTheMemoryAndEndsWithZero() throws Exception {
    Path socket = directory.resolve("uffd.sock");
    List<String> java = new ArrayList<>(GuestLauncher.command(List.of()));
    java.removeLast();
    Process attach =
        start(
            java,
            "attach",
            "--socket",
            socket.toString(),
            "--memory",
            content.toString(),
            "--json");
    try {
      Conditions.await("the socket is there", () -> Files.exists(socket));
      Process guest =
          GuestLauncher.process(
                  List.of(
                      "--socket",
                      "" + socket,
                      "--backing",
                      "ANON",
                      "--mode",
                      "MISSING",
                      "--mib",
                      "" + MIB,
                      "--content",
                      content.toString()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        Conditions.await("the guest is served", () -> residentMib(guest) > MIB / 4 + 64);
        attach.toHandle().destroy();
        assertThat(attach.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(attach.exitValue()).isZero();
        String said = new String(attach.getInputStream().readAllBytes(), UTF_8);
        assertThat(said).contains("\"peer\":\"java\"").contains("\"end\":\"stopped\"");
        assertThat(guest.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(guest.exitValue()).as("every byte is right").isZero();
      } finally {
        guest.destroyForcibly();
      }
    } finally {
      attach.destroyForcibly().waitFor();
    }
    assertThat(socket).doesNotExist();
  }

  private static long residentMib(Process process) {
    try {
      String[] pages = Files.readString(Path.of("/proc/" + process.pid() + "/statm")).split(" ", 3);
      return Long.parseLong(pages[1]) / 256;
    } catch (IOException gone) {
      return 0;
    }
  }

  private static Process start(List<String> java, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  @Test
  void stoppedHandlerLeavesItsPeerWhole() throws Exception {
    try (LiveFixture live =
        new LiveFixture(directory, content, HandlerPolicy.parse("on-demand"), 1)) {
      live.holdFromTheStart(fault -> fault.page() > 1000);
      Process guest =
          live.guest(
              "--backing",
              "ANON",
              "--mode",
              "MISSING",
              "--mib",
              "" + MIB,
              "--content",
              content.toString());
      LiveControl control = live.control();
      Conditions.await("a fault is held", () -> !control.held().isEmpty());
      live.stop();
      assertThat(live.summaries().getFirst().end()).isEqualTo("stopped");
      assertThat(live.endsWell(guest)).contains("Pages checked:\t65536, wrong: 0");
    }
  }

  @Test
  void recordingTellsEveryFaultFromItsQueueingToItsEnd() throws Exception {
    Path file = directory.resolve("run.fscope");
    int pages = 4 * 256;
    try (LiveFixture live =
        new LiveFixture(
            directory,
            null,
            HandlerPolicy.parse("on-demand"),
            1,
            LiveOptions.DEFAULT,
            (peer, number) ->
                RecordingFile.create(file, new TimelineInfo(peer.name(), "live", 0)))) {
      Process guest =
          live.guest(
              "--backing", "MEMFD", "--mode", "MINOR", "--mib", "4", "--workers", "2", "--write");
      live.endsWell(guest);
      live.summaries();
    }
    try (Timeline timeline = RecordingFile.open(file);
        Cursor cursor = timeline.cursor()) {
      Region region = timeline.regions().getFirst();
      assertThat(region.backing()).isEqualTo(Backing.MEMFD);
      assertThat(region.modes()).isEqualTo(Region.MINOR);
      assertThat(region.pages()).isEqualTo(pages);
      assertThat(timeline.actors().stream().map(Actor::kind)).contains(ActorKind.HANDLER);
      assertThat(timeline.actors().stream().map(Actor::name)).contains("toucher 0", "toucher 1");
      Map<EventKind, Integer> kinds = new HashMap<>();
      Set<Integer> queued = new HashSet<>();
      while (cursor.next()) {
        Event event = cursor.event();
        kinds.merge(event.kind(), 1, Integer::sum);
        if (event.kind() == EventKind.ENQUEUE) {
          queued.add(event.firstPage());
          assertThat(cursor.moment().queue()).anyMatch(entry -> entry.page() == event.firstPage());
        }
      }
      assertThat(queued).hasSize(pages);
      for (EventKind kind :
          List.of(
              EventKind.TOUCH,
              EventKind.ENQUEUE,
              EventKind.READ,
              EventKind.CALL,
              EventKind.IOCTL,
              EventKind.INSTALL,
              EventKind.WAKE)) {
        assertThat(kinds).containsEntry(kind, pages);
      }
      assertThat(cursor.moment().queue()).isEmpty();
      for (int page = 0; page < pages; page++) {
        assertThat(cursor.state(0, page)).isEqualTo(PageState.MAPPED | PageState.CACHED);
      }
    }
  }

  private static Set<String> openDescriptors() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
      return new HashSet<>(entries.map(Path::toString).toList());
    }
  }
}
