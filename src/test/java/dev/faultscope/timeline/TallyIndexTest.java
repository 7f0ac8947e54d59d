package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.testsupport.Seeds;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tallies from strides are those of the events one by one, at every length of the recording. */
class TallyIndexTest {
  private static final TimelineInfo INFO = new TimelineInfo("random", "simulation", 7);

  @TempDir Path folder;

  @Test
  void everyMomentHasTheTallyOfItsEventsAndEveryNumberItsFirstMoment() {
    Seeds.forEach(
        20,
        seed -> {
          Random random = new Random(seed);
          try (RecordingFile recording =
                  RecordingFile.create(folder.resolve("t" + seed + ".fscope"), INFO);
              Timeline timeline = recording.timeline()) {
            RandomRecording expected = new RandomRecording(recording, seed);
            TallyIndex index = ((FileTimeline) timeline).tallyIndex(1 + random.nextInt(40));
            for (int part = 0; part < 3; part++) {
              expected.append(1 + random.nextInt(200));
              for (Tally tally : Tally.values()) {
                compare(index, tally, expected.events);
              }
            }
          }
        });
  }

  @Test
  void aRecordingWithoutEventsHasNothingAndNoSecondMoment() throws Exception {
    try (RecordingFile recording = RecordingFile.create(folder.resolve("e.fscope"), INFO);
        Timeline timeline = recording.timeline()) {
      assertThat(timeline.tally(Tally.FAULTS, 0)).isZero();
      assertThat(timeline.momentOf(Tally.FAULTS, 0)).isZero();
      assertThat(timeline.momentOf(Tally.PAGES, 1)).isEqualTo(-1);
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> timeline.tally(Tally.PAGES, 1));
    }
  }

  private static void compare(TallyIndex index, Tally tally, List<Event> events) {
    long count = 0;
    assertThat(index.at(tally, 0)).isZero();
    assertThat(index.momentOf(tally, 0)).isZero();
    for (Event event : events) {
      int more = plainly(tally, event);
      for (int i = 1; i <= Math.min(more, 3); i++) {
        assertThat(index.momentOf(tally, count + i)).isEqualTo(event.sequence());
      }
      count += more;
      assertThat(index.at(tally, event.sequence())).isEqualTo(count);
    }
    assertThat(index.momentOf(tally, count + 1)).isEqualTo(-1);
  }

  private static int plainly(Tally tally, Event event) {
    return switch (tally) {
      case FAULTS -> event.kind() == EventKind.ENQUEUE ? 1 : 0;
      case PAGES -> {
        boolean serves =
            event.kind() == EventKind.IOCTL
                && event.errno() == 0
                && UffdIoctl.ofCode(event.detail()).fills();
        yield serves ? event.pageCount() : 0;
      }
    };
  }
}
