package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The versions of the format, each held by a committed file. {@code -Dfaultscope.golden=write}
 * writes the newest anew, which only a new format version may need.
 */
class GoldenRecordingTest {
  /** Faults enough to be worth a checkpoint; few of their events are written down. */
  private static final int BULK = 90;

  private static final Path FOLDER = Path.of("src/test/resources/timeline");
  private static final Path RECORDING = FOLDER.resolve("golden-v2.fscope");
  private static final Path EXPECTED = FOLDER.resolve("golden-v2.txt");

  @TempDir Path folder;

  @Test
  void aRecordingOfVersionOneReadsAsItAlwaysDid() throws Exception {
    assertThat(describe(FOLDER.resolve("golden-v1.fscope")))
        .isEqualTo(Files.readAllLines(FOLDER.resolve("golden-v1.txt")));
  }

  @Test
  void aRecordingOfVersionTwoReadsAsItAlwaysDid() throws Exception {
    if ("write".equals(System.getProperty("faultscope.golden"))) {
      Files.createDirectories(FOLDER);
      record(RECORDING);
      Files.write(EXPECTED, describe(RECORDING));
    }
    assertThat(describe(RECORDING)).isEqualTo(Files.readAllLines(EXPECTED));
  }

  @Test
  void theSameEventsBecomeTheSameBytes() throws Exception {
    Path again = folder.resolve("again.fscope");
    record(again);
    assertThat(again).hasSameBinaryContentAs(RECORDING);
  }

  private static void record(Path file) throws IOException {
    try (RecordingFile recording =
            RecordingFile.create(file, new TimelineInfo("golden", "simulation", 1_000_000));
        Timeline _ = recording.timeline()) {
      recording.region(
          new Region(
              0,
              "guest-ram",
              0x7f00_0000_0000L,
              0x4000_0000L,
              8192,
              Backing.MEMFD,
              Region.MISSING | Region.MINOR,
              false));
      recording.actor(new Actor(0, ActorKind.VCPU, "CPU 0/KVM", 4711, 0));
      recording.actor(new Actor(1, ActorKind.HANDLER, "fault-handler", 4712, -1));
      for (int i = 0; i < 3; i++) {
        fault(recording, 100 + i * 4000, i * 10_000L);
      }
      for (int i = 0; i < BULK; i++) {
        fault(recording, 200 + i, 35_000);
      }
      recording.flush();
      recording.region(
          new Region(1, "größer", 0x7e00_0000_0000L, Region.NO_GPA, 300, Backing.ANON, 0, true));
      recording.actor(new Actor(0, ActorKind.VCPU, "vcpu0", 4711, 0));
      recording.region(
          new Region(
              2,
              "imported",
              0x7d00_0000_0000L,
              Region.NO_GPA,
              5000,
              Backing.MEMFD,
              Region.RWP,
              false,
              PageState.UNKNOWN));
      recording.kernel(new KernelProfile("7.3", Map.of("guest-memfd", "full-minor")));
      recording.note("2 lines were not understood");
      EventDraft draft = new EventDraft();
      recording.append(
          draft
              .of(EventKind.HOLE, 40_000)
              .detail(HoleKind.PUNCH_HOLE.code())
              .actor(1)
              .pages(0, 0, 8192)
              .change(0xffff, 0));
      recording.append(
          draft.of(EventKind.NOTE, 40_000).flags(EventFlags.INFERRED).pages(1, 299, 1));
      fault(recording, 5, 50_000);
      recording.append(
          draft
              .of(EventKind.INSTALL, 55_000)
              .pages(2, 100, 2)
              .change(0, PageState.STAGE2 | PageState.LEAF_2M));
      recording.append(
          draft
              .of(EventKind.IOCTL, 56_000)
              .detail(UffdIoctl.COPY.code())
              .flags(EventFlags.RWP)
              .actor(1)
              .pages(2, 99, 4)
              .change(0, PageState.MAPPED));
      recording.append(draft.of(EventKind.HOLE, 57_000).pages(2, 90, 20).change(~0, 0));
      recording.append(
          draft
              .of(EventKind.IOCTL, 60_000)
              .detail(UffdIoctl.CONTINUE.code())
              .actor(1)
              .pages(0, 5, 1)
              .errno(Errno.EEXIST.number())
              .change(0, PageState.ERROR));
      recording.complete();
    }
  }

  private static void fault(RecordingFile recording, int page, long ns) {
    EventDraft draft = new EventDraft();
    long cause =
        recording.append(
            draft
                .of(EventKind.TOUCH, ns)
                .detail(AccessOrigin.STAGE2.code())
                .flags(EventFlags.WRITE)
                .actor(0)
                .pages(0, page, 1));
    cause =
        recording.append(
            draft
                .of(EventKind.DECIDE, ns + 10)
                .detail(DecideReason.CACHED_MINOR.code())
                .actor(0)
                .pages(0, page, 1)
                .cause(cause));
    cause =
        recording.append(
            draft
                .of(EventKind.ENQUEUE, ns + 20)
                .flags(EventFlags.WRITE | EventFlags.MINOR)
                .actor(0)
                .pages(0, page, 1)
                .change(0, PageState.QUEUED | PageState.MINOR)
                .cause(cause));
    cause =
        recording.append(
            draft
                .of(EventKind.READ, ns + 500)
                .actor(1)
                .pages(0, page, 1)
                .change(PageState.QUEUED, PageState.READ)
                .cause(cause));
    cause =
        recording.append(
            draft
                .of(EventKind.CALL, ns + 600)
                .detail(UffdIoctl.CONTINUE.code())
                .actor(1)
                .pages(0, page, 1)
                .cause(cause));
    recording.append(
        draft
            .of(EventKind.INSTALL, ns + 700)
            .actor(1)
            .pages(0, page, 1)
            .change(PageState.WAITING, PageState.CACHED | PageState.MAPPED)
            .cause(cause));
    recording.append(
        draft
            .of(EventKind.IOCTL, ns + 800)
            .detail(UffdIoctl.CONTINUE.code())
            .actor(1)
            .pages(0, page, 1)
            .cause(cause));
    recording.append(
        draft.of(EventKind.WAKE, ns + 900).actor(0).pages(0, page, 1).cause(cause + 2));
  }

  private static List<String> describe(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Timeline timeline = RecordingFile.open(file)) {
      lines.add(timeline.info().toString());
      lines.add("partial " + timeline.recovery().partial());
      timeline.regions().forEach(region -> lines.add(region.toString()));
      timeline.actors().forEach(actor -> lines.add(actor.toString()));
      timeline.notes().forEach(note -> lines.add("note " + note));
      if (timeline.kernel() != null) {
        lines.add(timeline.kernel().toString());
      }
      for (int state : timeline.codes().toArray()) {
        lines.add("state " + PageState.describe(state));
      }
      Cursor cursor = timeline.cursor();
      while (cursor.next()) {
        Event event = cursor.event();
        if (event.sequence() < 30 || event.sequence() > 730 || event.sequence() % 100 == 0) {
          lines.add(event.toString());
          lines.add("  " + cursor.moment().queue() + " " + cursor.moment().actors());
        }
      }
      for (long moment : new long[] {763, 745, 744, 743, 400, 744, 20, 0}) {
        Cursor fresh = timeline.cursor();
        fresh.seek(moment);
        char[] states = new char[8192];
        fresh.states(0, 0, states.length, states, 0);
        lines.add("states after " + moment + ": " + Arrays.hashCode(states));
      }
      if (timeline.regions().size() > 2) {
        for (long moment = timeline.lastSequence(); moment > 750; moment--) {
          Cursor fresh = timeline.cursor();
          fresh.seek(moment);
          lines.add("page 98 to 102 after " + moment + ": " + states(fresh, 2, 98, 102));
        }
      }
    }
    return lines;
  }

  private static List<List<String>> states(Cursor cursor, int region, int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(page -> PageState.describe(cursor.state(region, page)))
        .toList();
  }
}
