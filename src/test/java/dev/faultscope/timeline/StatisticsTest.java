package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsTest {
  private static final int HANDLER = 9;

  @TempDir Path folder;

  @Test
  void timeFromReadIsToTheIoctlThatWokeTheThread() throws IOException {
    try (RecordingFile file =
        RecordingFile.create(folder.resolve("f.fscope"), new TimelineInfo("f", "test", 0))) {
      file.region(new Region(0, "ram", 0x1000, Region.NO_GPA, 8, Backing.ANON, 0, false));
      for (int i = 0; i <= HANDLER; i++) {
        file.actor(new Actor(i, ActorKind.THREAD, "t" + i, i, -1));
      }
      EventDraft draft = new EventDraft();
      long first = file.append(draft.of(EventKind.ENQUEUE, 100).pages(0, 1, 1).actor(0));
      long second = file.append(draft.of(EventKind.ENQUEUE, 110).pages(0, 2, 1).actor(1));
      long third = file.append(draft.of(EventKind.ENQUEUE, 115).pages(0, 3, 1).actor(2));
      file.append(draft.of(EventKind.READ, 120).pages(0, 1, 1).actor(HANDLER).cause(first));
      file.append(draft.of(EventKind.READ, 130).pages(0, 2, 1).actor(HANDLER).cause(second));
      // The first try wakes nobody.
      ioctl(file, 200, 205);
      long answer = ioctl(file, 300, 350);
      file.append(draft.of(EventKind.WAKE, 350).pages(0, 1, 1).actor(0).cause(answer));
      file.append(draft.of(EventKind.WAKE, 350).pages(0, 2, 1).actor(1).cause(answer));
      // Its message was never read, and nothing woke the next.
      file.append(draft.of(EventKind.WAKE, 350).pages(0, 3, 1).actor(2).cause(answer));
      long lost = file.append(draft.of(EventKind.ENQUEUE, 360).pages(0, 4, 1).actor(0));
      file.append(draft.of(EventKind.READ, 370).pages(0, 4, 1).actor(HANDLER).cause(lost));
      file.append(draft.of(EventKind.WAKE, 400).pages(0, 4, 1).actor(0));

      try (Timeline timeline = file.timeline()) {
        Statistics statistics = Statistics.of(timeline);
        assertThat(statistics.latency().count()).isEqualTo(4);
        assertThat(statistics.latency().percentiles())
            .isEqualTo(new LatencyHistogram.Percentiles(235, 250, 250));
        assertThat(statistics.readToIoctl().count()).isEqualTo(2);
        assertThat(statistics.readToIoctl().percentiles())
            .isEqualTo(new LatencyHistogram.Percentiles(170, 180, 180));
        assertThat(statistics.ioctl().percentiles())
            .isEqualTo(new LatencyHistogram.Percentiles(5, 50, 50));
      }
    }
  }

  /** A kernel's own timeline tells the wake before the call has returned. */
  @Test
  void wakeThatNamesTheEntryOfItsCallCountsAlike() throws IOException {
    try (RecordingFile file =
        RecordingFile.create(folder.resolve("f.fscope"), new TimelineInfo("f", "test", 0))) {
      file.region(new Region(0, "ram", 0x1000, Region.NO_GPA, 8, Backing.ANON, 0, false));
      file.actor(new Actor(0, ActorKind.THREAD, "t", 0, -1));
      file.actor(new Actor(1, ActorKind.HANDLER, "h", 9, -1));
      EventDraft draft = new EventDraft();
      int copy = UffdIoctl.COPY.code();
      long queued = file.append(draft.of(EventKind.ENQUEUE, 100).pages(0, 1, 1).actor(0));
      file.append(draft.of(EventKind.READ, 120).pages(0, 1, 1).actor(1).cause(queued));
      long call = file.append(draft.of(EventKind.CALL, 300).detail(copy).actor(1));
      file.append(draft.of(EventKind.WAKE, 340).pages(0, 1, 1).actor(0).cause(call));
      file.append(draft.of(EventKind.IOCTL, 350).detail(copy).actor(1).cause(call));

      try (Timeline timeline = file.timeline()) {
        Statistics statistics = Statistics.of(timeline);
        assertThat(statistics.latency().max()).isEqualTo(240);
        assertThat(statistics.readToIoctl().count()).isEqualTo(1);
        assertThat(statistics.readToIoctl().max()).isEqualTo(180);
      }
    }
  }

  /** Of two handlers, one was filling the page already when the other read the message. */
  @Test
  void callThatWasUnderWayBeforeTheReadHasNoNegativePart() throws IOException {
    try (RecordingFile file =
        RecordingFile.create(folder.resolve("f.fscope"), new TimelineInfo("f", "test", 0))) {
      file.region(new Region(0, "ram", 0x1000, Region.NO_GPA, 8, Backing.ANON, 0, false));
      file.actor(new Actor(0, ActorKind.THREAD, "t", 0, -1));
      file.actor(new Actor(1, ActorKind.HANDLER, "h", 9, -1));
      file.actor(new Actor(2, ActorKind.HANDLER, "other", 10, -1));
      EventDraft draft = new EventDraft();
      int copy = UffdIoctl.COPY.code();
      long call = file.append(draft.of(EventKind.CALL, 100).detail(copy).actor(1));
      long queued = file.append(draft.of(EventKind.ENQUEUE, 200).pages(0, 1, 1).actor(0));
      file.append(draft.of(EventKind.READ, 300).pages(0, 1, 1).actor(2).cause(queued));
      file.append(draft.of(EventKind.WAKE, 400).pages(0, 1, 1).actor(0).cause(call));
      file.append(draft.of(EventKind.IOCTL, 500).detail(copy).actor(1).cause(call));
      file.append(draft.of(EventKind.RETRY, 600).pages(0, 1, 1).actor(0).cause(queued));
      List<Wait> waits = new ArrayList<>();
      try (Timeline timeline = file.timeline()) {
        WaitFold fold = new WaitFold(timeline, waits::add);
        for (long at = 1; at <= timeline.lastSequence(); at++) {
          fold.add(timeline.event(at));
        }
        fold.end();
      }

      Wait wait = waits.getFirst();
      assertThat(waits).hasSize(1);
      assertThat(wait.ns(WaitPart.WAIT)).isEqualTo(400);
      assertThat(wait.ns(WaitPart.UNREAD)).isEqualTo(100);
      assertThat(wait.ns(WaitPart.READ_TO_IOCTL)).isZero();
      assertThat(wait.ns(WaitPart.IOCTL)).isEqualTo(100);
      assertThat(wait.ns(WaitPart.WAKE_TO_RETRY)).isEqualTo(200);
      assertThat(wait.ns(WaitPart.UNATTRIBUTED)).isZero();
      assertThat(wait.answer()).extracting(Event::kind).isEqualTo(EventKind.IOCTL);
    }
  }

  @Test
  void callWhosePagesWereInDifferentStatesCountsOnce() throws IOException {
    try (RecordingFile file =
        RecordingFile.create(folder.resolve("f.fscope"), new TimelineInfo("f", "test", 0))) {
      file.region(new Region(0, "ram", 0x1000, Region.NO_GPA, 8, Backing.ANON, 0, false));
      file.actor(new Actor(0, ActorKind.HANDLER, "h", 1, -1));
      EventDraft draft = new EventDraft();
      int copy = UffdIoctl.COPY.code();
      for (int page = 1; page < 8; page += 2) {
        file.append(draft.of(EventKind.INSTALL, 1).pages(0, page, 1).change(0, PageState.POISONED));
      }
      for (int call = 0; call < 3; call++) {
        draft.of(EventKind.CALL, 10 * call + 10).detail(copy).pages(0, 0, 8).actor(0);
        long cause = file.append(draft);
        draft.of(EventKind.IOCTL, 10 * call + 14).detail(copy).pages(0, 0, 8).actor(0);
        file.append(draft.cause(cause));
      }
      assertThat(file.lastSequence()).isEqualTo(4 + 3 * 2 * 8);
      try (Timeline timeline = file.timeline()) {
        Statistics statistics = Statistics.of(timeline);
        assertThat(statistics.ioctls().get(UffdIoctl.COPY))
            .isEqualTo(new Statistics.Calls(3, 3, 0, 0, 0));
        assertThat(statistics.ioctl().count()).isEqualTo(3);
        assertThat(statistics.ioctl().max()).isEqualTo(4);
      }
    }
  }

  private static long ioctl(RecordingFile file, long entered, long answered) {
    EventDraft draft = new EventDraft();
    int copy = UffdIoctl.COPY.code();
    long call = file.append(draft.of(EventKind.CALL, entered).detail(copy).actor(HANDLER));
    return file.append(draft.of(EventKind.IOCTL, answered).detail(copy).actor(HANDLER).cause(call));
  }
}
