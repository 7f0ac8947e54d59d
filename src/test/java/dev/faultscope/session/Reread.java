package dev.faultscope.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Event;
import dev.faultscope.session.kernelview.KernelView;
import dev.faultscope.session.query.Difference;
import dev.faultscope.session.query.FaultCount;
import dev.faultscope.session.query.FaultRows;
import dev.faultscope.session.query.Hits;
import dev.faultscope.session.query.Lanes;
import dev.faultscope.session.query.MetaView;
import dev.faultscope.session.query.PageDetails;
import dev.faultscope.session.query.Reasons;
import dev.faultscope.session.query.Thumbnail;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.PlainFold;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** The oracle of a recording that this program wrote: it opens, seeks, folds and answers. */
public final class Reread {
  private static final int CHUNK_EVENTS = 32_768;

  private Reread() {}

  /** Reads a recording in every way there is; {@return how many events it has}. */
  public static long check(Path file) throws IOException {
    try (Timeline timeline = RecordingFile.open(file)) {
      assertThat(timeline.recovery().lostBytes()).as("%s", timeline.recovery()).isZero();
      List<Event> events = new ArrayList<>();
      try (Cursor steps = timeline.cursor()) {
        for (long moment : moments(timeline.lastSequence())) {
          while (steps.position() < moment && steps.next()) {
            events.add(steps.event());
          }
          checkMoment(timeline, steps, events, moment);
        }
      }
      checkAnswers(timeline);
      return timeline.lastSequence();
    }
  }

  private static TreeSet<Long> moments(long last) {
    TreeSet<Long> moments = new TreeSet<>(List.of(0L, 1L, last / 2, last - 1, last));
    for (long end = CHUNK_EVENTS; end <= last; end += CHUNK_EVENTS) {
      moments.addAll(List.of(end - 1, end, end + 1));
    }
    moments.removeIf(moment -> moment < 0 || moment > last);
    return moments;
  }

  private static void checkMoment(
      Timeline timeline, Cursor steps, List<Event> events, long moment) {
    Moment expected = PlainFold.of(events, timeline.actors().size());
    try (Cursor sought = timeline.cursor();
        Cursor back = timeline.cursor()) {
      sought.seek(moment);
      back.seek(timeline.lastSequence());
      back.seek(moment);
      assertThat(sought.moment()).isEqualTo(expected);
      assertThat(back.moment()).isEqualTo(expected);
      assertThat(steps.moment()).isEqualTo(expected);
      for (int region = 0; region < timeline.regions().size(); region++) {
        char[] stepped = states(timeline, steps, region);
        assertThat(states(timeline, sought, region)).isEqualTo(stepped);
        assertThat(states(timeline, back, region)).isEqualTo(stepped);
      }
    }
    assertThat(KernelView.of(timeline, moment)).isNotNull();
    assertThat(FaultRows.of(timeline, moment, 10)).isNotNull();
    for (int region = 0; region < timeline.regions().size(); region++) {
      assertThat(PageDetails.of(timeline, region, 0, moment)).isNotNull();
    }
    if (moment > 0) {
      assertThat(timeline.event(moment)).isEqualTo(events.getLast());
      assertThat(Reasons.of(timeline, moment)).isNotEmpty();
      assertThat(Reasons.effects(timeline, moment)).isNotNull();
    }
  }

  private static char[] states(Timeline timeline, Cursor cursor, int region) {
    char[] states = new char[timeline.regions().get(region).pages()];
    cursor.states(region, 0, states.length, states, 0);
    return states;
  }

  private static void checkAnswers(Timeline timeline) {
    long last = timeline.lastSequence();
    assertThat(MetaView.of(timeline)).isNotNull();
    assertThat(FaultCount.of(timeline)).isLessThanOrEqualTo(last);
    Statistics statistics = Statistics.of(timeline);
    assertThat(statistics.events()).isEqualTo(last);
    Lanes lanes = Lanes.of(timeline, 0, timeline.endNs() + 1, 300);
    assertThat(lanes.lanes()).hasSize(timeline.actors().size());
    assertThat(Lanes.of(timeline, timeline.endNs() / 2, timeline.endNs() + 1, 7)).isNotNull();
    int[][] thumbnail = Thumbnail.of(timeline);
    if (timeline.regions().isEmpty()) {
      assertThat(thumbnail == null || Arrays.deepToString(thumbnail).matches("[\\[\\], 0]*"))
          .isTrue();
    }
    for (String query : List.of("queue > 0", "latency > 0ns", "errno != 0", "kind = touch")) {
      Hits forward = Hits.of(timeline, query, 1, 1, 100);
      Hits backward = Hits.of(timeline, query, last, -1, 100);
      assertThat(forward.hits().isEmpty()).as(query).isEqualTo(backward.hits().isEmpty());
    }
    assertThat(Difference.of(timeline, timeline)).isNotNull();
    byte[] records = new byte[32 * (int) Math.min(last, 4096)];
    timeline.copyRecords(1, records.length / 32, records, 0);
  }
}
