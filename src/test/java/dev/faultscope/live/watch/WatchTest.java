package dev.faultscope.live.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.linux.OpenUserfaultfd;
import dev.faultscope.live.handler.NoRecorder;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.testsupport.Conditions;
import dev.faultscope.testsupport.Hostage;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes with faults that nobody answers are watched; what is seen is what was done to them. */
@Requires(Requirement.UFFD)
@Timeout(60)
class WatchTest {
  private static final WatchOptions FAST = WatchOptions.DEFAULT.withRate(200);

  @TempDir Path directory;

  @Test
  void sleepersReadMessagesAndPagesAreSeenWithoutTouchingAny() throws Exception {
    Path file = directory.resolve("watch.fscope");
    try (Hostage hostage = new Hostage("anon", "64");
        RecordingFile recording = RecordingFile.create(file, new TimelineInfo("t", "watch", 0));
        Watch watch = Watch.of(hostage.pid(), FAST, recording)) {
      FutureTask<WatchSummary> run = start(watch);
      WatchSummary before = await(watch, summary -> summary.samples() > 0);
      assertThat(before.areas())
          .singleElement()
          .satisfies(
              area -> {
                assertThat(area.start()).isEqualTo(hostage.base());
                assertThat(area.pages()).isEqualTo(64);
                assertThat(area.backing()).isEqualTo(Backing.ANON);
                assertThat(area.modes()).isEqualTo(Region.MISSING);
              });
      hostage.tell("touch 3");
      hostage.tell("write 5");
      WatchSummary asleep = await(watch, summary -> summary.sleeping() == 2);
      assertThat(only(asleep).pending()).isEqualTo(2);
      assertThat(only(asleep).nonBlocking()).isTrue();
      hostage.tell("read");
      hostage.expect("message");
      await(watch, summary -> only(summary).pending() == 1 && only(summary).total() == 2);
      hostage.tell("copy 3 7");
      hostage.tell("copy 5 7");
      await(watch, summary -> summary.sleeping() == 0 && summary.presentPages() == 2);
      hostage.tell("drop 3");
      await(watch, summary -> summary.presentPages() == 1);
      hostage.kill();
      WatchSummary end = run.get(20, TimeUnit.SECONDS);
      assertThat(end.end()).isEqualTo("the process ended");
      assertThat(end.appeared()).isEqualTo(2);
      assertThat(end.vanished()).isEqualTo(1);
      assertThat(end.waits()).isEqualTo(2);
      recording.complete();
    }
    List<Event> events = events(file);
    assertThat(events)
        .filteredOn(event -> event.kind() != EventKind.NOTE)
        .allSatisfy(event -> assertThat(event.is(EventFlags.INFERRED)).isTrue());
    assertThat(count(events, EventKind.ENQUEUE)).isEqualTo(2);
    assertThat(count(events, EventKind.READ)).isEqualTo(1);
    assertThat(count(events, EventKind.WAKE)).isEqualTo(2);
    assertThat(events)
        .filteredOn(event -> event.kind() == EventKind.INSTALL)
        .extracting(Event::firstPage)
        .containsExactlyInAnyOrder(3, 5);
    assertThat(events)
        .filteredOn(event -> event.kind() == EventKind.HOLE)
        .singleElement()
        .satisfies(event -> assertThat(event.firstPage()).isEqualTo(3));
    try (Timeline timeline = RecordingFile.open(file);
        Cursor cursor = timeline.cursor()) {
      cursor.seek(timeline.lastSequence());
      assertThat(cursor.moment().queue()).isEmpty();
      assertThat(cursor.state(0, 5) & PageState.MAPPED).isNotZero();
      assertThat(cursor.state(0, 3) & PageState.MAPPED).isZero();
      assertThat(String.join("\n", timeline.notes())).contains("watched from outside at 200 Hz");
    }
  }

  @Test
  void kindOfAFaultIsThatOfTheOnlyModeAndItsAccessIsUnknown() throws Exception {
    assertThat(flagsOfAFaultOn("memfd") & (EventFlags.MINOR | EventFlags.KIND_UNKNOWN))
        .isEqualTo(EventFlags.MINOR);
    assertThat(flagsOfAFaultOn("anon") & (EventFlags.MINOR | EventFlags.KIND_UNKNOWN)).isZero();
  }

  private int flagsOfAFaultOn(String memory) throws Exception {
    Path file = directory.resolve(memory + ".fscope");
    try (Hostage hostage = new Hostage(memory, "8");
        RecordingFile recording = RecordingFile.create(file, new TimelineInfo("t", "watch", 0));
        Watch watch = Watch.of(hostage.pid(), FAST, recording)) {
      FutureTask<WatchSummary> run = start(watch);
      hostage.tell("write 5");
      await(watch, summary -> summary.sleeping() == 1);
      watch.stop();
      run.get(20, TimeUnit.SECONDS);
      recording.complete();
      assertThat(recording.timeline().regions().getFirst().initial())
          .as("a page table does not tell what the page cache has")
          .isEqualTo(memory.equals("anon") ? PageState.ABSENT : PageState.UNKNOWN);
    }
    Event queued =
        events(file).stream()
            .filter(event -> event.kind() == EventKind.ENQUEUE)
            .findFirst()
            .orElseThrow();
    assertThat(queued.is(EventFlags.PAGE_UNKNOWN) && queued.is(EventFlags.ACCESS_UNKNOWN)).isTrue();
    return queued.flags();
  }

  @Test
  void watchEndsAfterItsTimeAndLeavesTheSleepersAsleep() throws Exception {
    try (Hostage hostage = new Hostage("memfd", "8")) {
      hostage.tell("touch 1");
      Path file = directory.resolve("timed.fscope");
      try (RecordingFile recording = RecordingFile.create(file, new TimelineInfo("t", "watch", 0));
          Watch watch =
              Watch.of(hostage.pid(), FAST.withDuration(Duration.ofMillis(200)), recording)) {
        assertThat(watch.run().end()).isEqualTo("the time is up");
      }
      OpenUserfaultfd uffd = OpenUserfaultfd.of(hostage.pid()).getFirst();
      assertThat(uffd.pending()).isEqualTo(1);
      assertThat(uffd.total()).isEqualTo(1);
    }
  }

  @Test
  void boundOnEventsEndsTheWatchAndIsSaid() throws Exception {
    try (Hostage hostage = new Hostage("anon", "8")) {
      WatchOptions options = new WatchOptions(100, Duration.ZERO, 1);
      Path file = directory.resolve("bounded.fscope");
      try (RecordingFile recording = RecordingFile.create(file, new TimelineInfo("t", "watch", 0));
          Watch watch = Watch.of(hostage.pid(), options, recording)) {
        assertThat(watch.run().end()).contains("as many events as may be");
        assertThat(recording.timeline().notes()).anyMatch(note -> note.contains("as many events"));
      }
    }
  }

  @Test
  void processWithoutUserfaultfdIsRefusedWithTheReason() throws Exception {
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      assertThatThrownBy(() -> Watch.of((int) other.pid(), FAST, new NoRecorder()).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no userfaultfd open and no memory registered");
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThatThrownBy(() -> Watch.of(Integer.MAX_VALUE, FAST, new NoRecorder()).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pidfd_open");
  }

  private static OpenUserfaultfd only(WatchSummary summary) {
    return summary.uffds().getFirst();
  }

  private static FutureTask<WatchSummary> start(Watch watch) {
    FutureTask<WatchSummary> run = new FutureTask<>(watch::run);
    Thread.ofPlatform().daemon().name("watch").start(run);
    return run;
  }

  private static WatchSummary await(Watch watch, Predicate<WatchSummary> condition) {
    Conditions.await("a look that shows it", () -> condition.test(watch.summary()));
    return watch.summary();
  }

  private static long count(List<Event> events, EventKind kind) {
    return events.stream().filter(event -> event.kind() == kind).count();
  }

  private static List<Event> events(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    try (Timeline timeline = RecordingFile.open(file)) {
      for (long sequence = 1; sequence <= timeline.lastSequence(); sequence++) {
        events.add(timeline.event(sequence));
      }
    }
    return events;
  }
}
