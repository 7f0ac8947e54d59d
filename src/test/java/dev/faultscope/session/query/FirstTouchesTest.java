package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which page was touched before which. */
class FirstTouchesTest {
  @TempDir Path dir;
  private Timeline timeline;

  @BeforeEach
  void record() throws IOException {
    timeline = RecordedSessions.faults(dir.resolve("r.fscope"), 11, 400, 150).timeline();
  }

  @AfterEach
  void close() {
    timeline.close();
  }

  @Test
  void everyTouchedPageIsToldOnceInTheOrderOfTheEvents() {
    FirstTouches all = FirstTouches.of(timeline, 1);
    assertThat(all.complete()).isTrue();
    assertThat(all.next()).isEqualTo(timeline.lastSequence() + 1);
    assertThat(pages(all.touches())).isNotEmpty().isEqualTo(byReadingEveryEvent(1));
  }

  @Test
  void anAnswerThatEndsEarlyGoesOnWhereItEnded() {
    FirstTouches.Seen seen = new FirstTouches.Seen();
    List<FirstTouches.Touch> touches = new ArrayList<>();
    FirstTouches some = FirstTouches.of(timeline, 1, seen, 7);
    assertThat(some.touches()).hasSize(7);
    touches.addAll(some.touches());
    while (!some.complete()) {
      some = FirstTouches.of(timeline, some.next(), seen, 7);
      touches.addAll(some.touches());
    }
    assertThat(pages(touches)).isEqualTo(byReadingEveryEvent(1));
  }

  @Test
  void whoAsksForLaterEventsIsToldOfEveryPageThatTheyTouch() {
    long half = timeline.lastSequence() / 2;
    assertThat(pages(FirstTouches.of(timeline, half).touches()))
        .isEqualTo(byReadingEveryEvent(half));
    FirstTouches none = FirstTouches.of(timeline, timeline.lastSequence() + 1);
    assertThat(none.touches()).isEmpty();
    assertThat(none.complete()).isTrue();
    assertThat(none.next()).isEqualTo(timeline.lastSequence() + 1);
  }

  @Test
  void rangesThatOverlapAreToldPageByPageOnce() throws IOException {
    timeline.close();
    TimelineInfo info = new TimelineInfo("ranges", "test", 0);
    try (RecordingFile file = RecordingFile.create(dir.resolve("ranges.fscope"), info)) {
      file.region(region(0, 120));
      Random random = new Random(3);
      EventDraft draft = new EventDraft();
      for (int i = 0; i < 80; i++) {
        int page = random.nextInt(120);
        int count = 1 + random.nextInt(Math.min(9, 120 - page));
        file.append(draft.of(EventKind.TOUCH, i).pages(0, page, count));
      }
      file.complete();
      timeline = file.timeline();
      assertThat(pages(FirstTouches.of(timeline, 1).touches()))
          .hasSizeGreaterThan(80)
          .isEqualTo(byReadingEveryEvent(1));
    }
  }

  @Test
  void lastPageOfAVastRegionIsAPageLikeAnother() throws IOException {
    timeline.close();
    int last = Integer.MAX_VALUE - 1;
    TimelineInfo info = new TimelineInfo("vast", "test", 0);
    try (RecordingFile file = RecordingFile.create(dir.resolve("vast.fscope"), info)) {
      EventDraft draft = new EventDraft();
      file.region(region(0, Integer.MAX_VALUE));
      file.append(draft.of(EventKind.TOUCH, 1).pages(0, last, 1));
      file.append(draft.of(EventKind.TOUCH, 2).pages(0, 0, Integer.MAX_VALUE));
      timeline = file.timeline();
      assertThat(FirstTouches.of(timeline, 1).touches())
          .containsExactly(
              new FirstTouches.Touch(1, 0, last, 1), new FirstTouches.Touch(2, 0, 0, last));
    }
  }

  private static Region region(int index, int pages) {
    return new Region(
        index, "r" + index, (long) index << 44, Region.NO_GPA, pages, Backing.ANON, 1, false);
  }

  private static List<String> pages(List<FirstTouches.Touch> touches) {
    List<String> pages = new ArrayList<>();
    for (FirstTouches.Touch touch : touches) {
      for (int page = touch.page(); page < touch.page() + touch.pages(); page++) {
        pages.add(touch.seq() + " " + touch.region() + ":" + page);
      }
    }
    return pages;
  }

  private List<String> byReadingEveryEvent(long from) {
    Set<String> seen = new HashSet<>();
    List<String> pages = new ArrayList<>();
    for (long seq = from; seq <= timeline.lastSequence(); seq++) {
      Event event = timeline.event(seq);
      if (event.kind() != EventKind.TOUCH || event.region() == Event.NONE) {
        continue;
      }
      for (int page = event.firstPage(); page < event.firstPage() + event.pageCount(); page++) {
        String name = event.region() + ":" + page;
        if (seen.add(name)) {
          pages.add(seq + " " + name);
        }
      }
    }
    return pages;
  }
}
