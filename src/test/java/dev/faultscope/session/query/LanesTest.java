package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.faultscope.session.RecordedSessions;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Statistics;
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

            assertThat(lanes.stretches()).isTrue();
            for (Lanes.Drawn lane : lanes.lanes()) {
              check(timeline, lane, lanes, px);
            }
            assertThat(lanes.queue().mean()).hasSize(px);
            assertThat(lanes.queue().max()).hasSize(px);
          }
        });
  }

  private static void check(Timeline timeline, Lanes.Drawn lane, Lanes lanes, int px) {
    List<Segment> segments = lane.segments();
    assertThat(segments).hasSizeLessThanOrEqualTo(px);
    long end = lanes.fromNs();
    for (Segment segment : segments) {
      assertThat(segment.fromNs()).isGreaterThanOrEqualTo(end);
      assertThat((segment.toNs() - segment.fromNs()) * px)
          .isGreaterThanOrEqualTo(lanes.toNs() - lanes.fromNs());
      end = segment.toNs();
      try (Cursor cursor = timeline.cursor()) {
        cursor.seek(timeline.sequenceAt(segment.fromNs() + (end - segment.fromNs()) / 2));
        Moment.Doing doing = cursor.moment().actors().get(lane.actor());
        assertThat(segment.activity()).isEqualTo(DoingView.word(doing.activity()));
        assertThat(segment.seq()).isEqualTo(doing.sequence());
      }
    }
    assertThat(end).isLessThanOrEqualTo(lanes.toNs());
    int columns = 0;
    for (int i = 0; i < lane.shares().size(); i += 7) {
      columns += lane.shares().get(i);
      assertThat(lane.shares().subList(i + 1, i + 7).stream().mapToInt(each -> each).sum())
          .isBetween(0, Lanes.WHOLE + 2);
    }
    assertThat(columns).isEqualTo(px);
  }

  @Test
  void windowWithTooManyEventsHasItsSharesAllTheSame() throws Exception {
    try (Timeline timeline =
        RecordedSessions.write(dir.resolve("s.fscope"), 1, 2000, 50).timeline()) {
      Lanes lanes = Lanes.of(timeline, 0, timeline.endNs(), 100, 1000);

      assertThat(lanes.stretches()).isFalse();
      assertThat(lanes.lanes()).hasSize(3).allMatch(lane -> lane.segments().isEmpty());
      assertThat(lanes.lanes().stream().map(Lanes.Drawn::shares).toList())
          .isEqualTo(
              Lanes.of(timeline, 0, timeline.endNs(), 100).lanes().stream()
                  .map(Lanes.Drawn::shares)
                  .toList());
    }
  }

  /** The picture's columns add up to what the statistics say. */
  @Test
  void columnsAddUpToTheStallsThemselves() throws Exception {
    try (Timeline timeline =
        RecordedSessions.write(dir.resolve("c.fscope"), 3, 2000, 50).timeline()) {
      Statistics statistics = Statistics.of(timeline);
      for (int columns : new int[] {1, 7, 1600}) {
        LaneShares shares = LaneShares.of(timeline, 0, timeline.endNs() + 1, columns);
        long blocked = 0;
        for (LaneShares.OfActor each : shares.actors()) {
          blocked += each.blocked().stream().mapToLong(ns -> ns).sum();
        }
        assertThat(blocked).isEqualTo(2000L * 400).isEqualTo(statistics.latency().count() * 400);
        double waited = 0;
        for (int column = 0; column < columns; column++) {
          waited += shares.queue().mean().get(column) * shares.widthNs(column);
        }
        assertThat(waited).isCloseTo(blocked, within(1.0));
        assertThat(shares.queue().max()).contains(1).doesNotContain(3);
        assertThat(shares.counts().faults().stream().mapToLong(each -> each).sum())
            .isEqualTo(statistics.faults() + statistics.unreadFaults());
        assertThat(shares.counts().pages().stream().mapToLong(each -> each).sum())
            .isEqualTo(statistics.pagesServed())
            .isEqualTo(2000);
      }
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
