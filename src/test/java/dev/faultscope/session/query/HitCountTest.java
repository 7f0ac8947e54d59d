package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.Session;
import dev.faultscope.timeline.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a breakpoint would stop at, counted. */
class HitCountTest {
  private static final int FAULTS = 30_000;

  @TempDir Path dir;
  private Session session;
  private Timeline timeline;

  @BeforeEach
  void record() throws IOException {
    session = RecordedSessions.faults(dir.resolve("r.fscope"), 3, FAULTS, 1000);
    timeline = session.timeline();
  }

  @AfterEach
  void close() {
    timeline.close();
  }

  @Test
  void countsEveryHitAndTicksTheFirstOfEveryPart() {
    HitCount all = HitCount.of(timeline, "kind = enqueue", 1);
    assertThat(all.count()).isEqualTo(FAULTS);
    assertThat(all.complete()).isTrue();
    assertThat(all.next()).isEqualTo(timeline.lastSequence() + 1);
    assertThat(all.ticks()).isSorted().hasSizeLessThanOrEqualTo(HitCount.PARTS + 1);
    assertThat(all.ticks().stream().map(this::part)).doesNotHaveDuplicates();
    assertThat(all.ticks().getFirst()).isEqualTo(2);
  }

  @Test
  void aFewHitsAreAllTicked() {
    long middle = timeline.lastSequence() / 2;
    HitCount few = HitCount.of(timeline, "seq in {7, " + middle + "}", 1);
    assertThat(few.count()).isEqualTo(2);
    assertThat(few.ticks()).containsExactly(7L, middle);
  }

  @Test
  void aCutCountSaysSoAndGoesOnToTheSameSum() {
    List<Long> ticks = new ArrayList<>();
    long count = 0;
    long from = 1;
    int calls = 0;
    HitCount some;
    do {
      some = HitCount.of(timeline, "queue > 0 and kind = read", from, 1000);
      assertThat(some.next()).isEqualTo(from + some.scanned());
      count += some.count();
      ticks.addAll(some.ticks());
      from = some.next();
      calls++;
    } while (!some.complete());
    HitCount whole = HitCount.of(timeline, "queue > 0 and kind = read", 1);
    assertThat(calls).isGreaterThan(1);
    assertThat(count).isEqualTo(whole.count()).isPositive();
    assertThat(ticks).containsAll(whole.ticks());
    assertThat(HitCount.of(timeline, "kind = read", from))
        .isEqualTo(new HitCount(0, List.of(), 0, true, from));
  }

  private long part(long seq) {
    return seq * HitCount.PARTS / timeline.lastSequence();
  }
}
