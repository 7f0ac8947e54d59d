package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.RecordedSessions;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Timeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanesTest {
  @TempDir Path dir;

  @Test
  void segmentsSayWhatEachActorDidAndNeverOutnumberThePixels() {
    Seeds.forEach(
        20,
        seed -> {
          Random random = new Random(seed);
          try (Timeline timeline =
              RecordedSessions.write(dir.resolve(seed + ".fscope"), seed, 200, 50).timeline()) {
            long from = random.nextLong(timeline.endNs());
            long to = from + 1 + random.nextLong(timeline.endNs());
            int px = 1 + random.nextInt(300);

            Lanes lanes = Lanes.of(timeline, from, to, px);

            assertThat(lanes.approximate()).isFalse();
            for (Lanes.Drawn lane : lanes.lanes()) {
              check(timeline, lane, lanes, px);
            }
            assertThat(lanes.depth()).hasSizeLessThanOrEqualTo(px);
            assertThat(lanes.depth().getFirst().fromNs()).isEqualTo(from);
            assertThat(lanes.depth().getLast().toNs()).isEqualTo(to);
          }
        });
  }

  private static void check(Timeline timeline, Lanes.Drawn lane, Lanes lanes, int px) {
    List<Segment> segments = lane.segments();
    assertThat(segments).hasSizeLessThanOrEqualTo(px);
    long end = lanes.fromNs();
    for (Segment segment : segments) {
      assertThat(segment.fromNs()).isGreaterThanOrEqualTo(end);
      assertThat(segment.toNs()).isGreaterThan(segment.fromNs());
      end = segment.toNs();
      if (segment.merged() == 1) {
        try (Cursor cursor = timeline.cursor()) {
          cursor.seek(timeline.sequenceAt(segment.fromNs() + (end - segment.fromNs()) / 2));
          Moment.Doing doing = cursor.moment().actors().get(lane.actor());
          assertThat(segment.activity()).isEqualTo(DoingView.word(doing.activity()));
          assertThat(segment.seq()).isEqualTo(doing.sequence());
        }
      }
    }
    assertThat(end).isLessThanOrEqualTo(lanes.toNs());
  }

  @Test
  void aWindowWithTooManyEventsIsDrawnFromSamplesAndSaysSo() throws Exception {
    try (Timeline timeline =
        RecordedSessions.write(dir.resolve("s.fscope"), 1, 2000, 50).timeline()) {
      Lanes lanes = Lanes.of(timeline, 0, timeline.endNs(), 100, 1000);

      assertThat(lanes.approximate()).isTrue();
      assertThat(lanes.lanes()).hasSize(3);
      assertThat(lanes.lanes().getFirst().segments()).isNotEmpty();
    }
  }

  @Test
  void stallsHaveTheirTimesAndWhatEndedThem() throws Exception {
    try (Timeline timeline =
        RecordedSessions.write(dir.resolve("f.fscope"), 1, 20, 50).timeline()) {
      List<FaultRows.Row> rows = FaultRows.of(timeline, 1, 10);

      assertThat(rows).hasSize(10);
      assertThat(rows)
          .allSatisfy(
              row -> {
                assertThat(row.latencyNs()).isEqualTo(400);
                assertThat(row.readNs()).isEqualTo(row.timeNs() + 100);
                assertThat(row.ioctl()).isEqualTo("CONTINUE");
                assertThat(row.errno()).isZero();
              });
      assertThat(FaultRows.of(timeline, rows.getLast().seq() + 1, 100)).hasSize(10);
    }
  }
}
