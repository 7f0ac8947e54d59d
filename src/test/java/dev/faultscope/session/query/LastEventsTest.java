package dev.faultscope.session.query;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.Timeline;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which event was the last to change a page, and to touch it. */
class LastEventsTest {
  @TempDir Path dir;

  @Test
  void askedInPiecesTheLastEventOfEachPageIsThatOfReadingAllEvents() {
    Seeds.forEach(
        10,
        seed -> {
          Random random = new Random(seed);
          Timeline timeline =
              RecordedSessions.faults(dir.resolve(seed + ".fscope"), seed, 300, 90).timeline();
          long moment = random.nextLong(timeline.lastSequence() + 1);
          Map<Integer, Long> changes = new HashMap<>();
          Map<Integer, Integer> touches = new HashMap<>();
          long from = 1;
          while (from <= moment) {
            LastEvents some =
                LastEvents.of(timeline, from, Math.min(moment, from + random.nextInt(200)));
            assertThat(some.complete()).isTrue();
            each(some.changes(), (page, last) -> changes.put(page, last.seq()));
            each(some.touches(), (page, last) -> touches.put(page, last.actor()));
            from = some.next();
          }
          Map<Integer, Long> wantedChanges = new HashMap<>();
          Map<Integer, Integer> wantedTouches = new HashMap<>();
          for (long seq = 1; seq <= moment; seq++) {
            Event event = timeline.event(seq);
            if (event.before() != event.after()) {
              wantedChanges.put(event.firstPage(), seq);
            }
            if (event.kind() == EventKind.TOUCH || event.kind() == EventKind.ENQUEUE) {
              wantedTouches.put(event.firstPage(), event.actor());
            }
          }
          assertThat(changes).isEqualTo(wantedChanges);
          assertThat(touches).isEqualTo(wantedTouches);
          timeline.close();
        });
  }

  /** Told each page, and the event that was the last for it. */
  @FunctionalInterface
  private interface Pages {
    void page(int page, LastEvents.Last last);
  }

  private static void each(List<LastEvents.Last> lasts, Pages pages) {
    for (LastEvents.Last last : lasts) {
      for (int page = last.page(); page < last.page() + last.pages(); page++) {
        pages.page(page, last);
      }
    }
  }

  @Test
  void agesAndWhoAddUpToAllPagesAtEveryMoment() throws Exception {
    Timeline timeline = RecordedSessions.faults(dir.resolve("sums.fscope"), 3, 200, 500).timeline();
    for (long seq : new long[] {0, 1, 300, timeline.lastSequence()}) {
      for (PageLayer layer : PageLayer.values()) {
        Map<String, Long> counts = layer.countsAt(timeline, seq);
        assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
            .as("%s at %d: %s", layer, seq, counts)
            .isEqualTo(600);
      }
    }
    Map<String, Long> ages = PageLayer.AGE.countsAt(timeline, timeline.lastSequence());
    assertThat(ages.get("<= 1 us")).as("the last fault ended a moment ago").isEqualTo(1);
    assertThat(ages.get("never changed")).isGreaterThan(100);
    assertThat(PageLayer.WHO.countsAt(timeline, timeline.lastSequence()).keySet())
        .containsExactly("vCPU 0", "vCPU 1", "no touch told");
    timeline.close();
  }

  @Test
  void ofMorePagesThanAnAnswerTellsTheLastEventsAreThoseOfReadingAllEvents() throws Exception {
    Timeline timeline =
        RecordedSessions.faults(dir.resolve("long.fscope"), 5, 150_000, 100_000).timeline();
    Map<Integer, Long> changed = new HashMap<>();
    Map<Integer, Integer> touched = new HashMap<>();
    for (long seq = 1; seq <= timeline.lastSequence(); seq++) {
      Event event = timeline.event(seq);
      if (event.before() != event.after()) {
        changed.put(event.firstPage(), event.timeNs());
      }
      if (event.kind() == EventKind.TOUCH || event.kind() == EventKind.ENQUEUE) {
        touched.put(event.firstPage(), event.actor());
      }
    }
    long now = timeline.endNs();
    Map<String, Long> ages = PageLayer.AGE.countsAt(timeline, timeline.lastSequence());
    long younger = 0;
    for (long us : new long[] {1, 16, 256, 4096, 65_536, 1_048_576}) {
      younger += requireNonNull(ages.get("<= " + us + " us"));
      assertThat(changed.values().stream().filter(at -> now - at <= 1000 * us))
          .hasSize((int) younger);
    }
    assertThat(ages.get("never changed")).isEqualTo(100_100L - changed.size());
    Map<String, Long> who = PageLayer.WHO.countsAt(timeline, timeline.lastSequence());
    assertThat(touched.values().stream().filter(actor -> actor == 1))
        .hasSize(Math.toIntExact(requireNonNull(who.get("vCPU 1"))));
    assertThat(who.get("no touch told")).isEqualTo(100_100L - touched.size());
    timeline.close();
  }
}
