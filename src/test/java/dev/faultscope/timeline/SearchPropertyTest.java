package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.Search.Direction;
import dev.faultscope.timeline.query.Query;
import dev.faultscope.timeline.query.QueryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchPropertyTest {
  /** Queries and the same said in Java. */
  private static final Map<String, Predicate<Seen>> QUERIES =
      Map.ofEntries(
          Map.entry("seq > 0", seen -> true),
          Map.entry("kind = ioctl", seen -> seen.event.kind() == EventKind.IOCTL),
          Map.entry(
              "ioctl in {CONTINUE, COPY} and errno != 0",
              seen ->
                  (seen.event.kind() == EventKind.IOCTL || seen.event.kind() == EventKind.CALL)
                      && (seen.event.detail() == 7 || seen.event.detail() == 3)
                      && seen.event.errno() != 0),
          Map.entry("page = 17", seen -> seen.touches(17, 17)),
          Map.entry(
              "page in 0x100..0x1ff and region = region-2",
              seen -> seen.touches(0x100, 0x1ff) && seen.event.region() == 2),
          Map.entry(
              "page != 17",
              seen ->
                  seen.event.pageCount() > 0
                      && seen.event.region() != Event.NONE
                      && !seen.touches(17, 17)),
          Map.entry(
              "hva in 0x7f0000005000..0x7f0000005fff",
              seen -> seen.touches(5, 5) && seen.event.region() == 0),
          Map.entry(
              "gpa = 0x5fff or gpa = 0x9000",
              seen -> (seen.touches(5, 5) || seen.touches(9, 9)) && seen.event.region() == 0),
          Map.entry("actor = actor-1", seen -> seen.event.actor() == 1),
          Map.entry(
              "vcpu = 1 or tid = 102", seen -> seen.event.actor() == 1 || seen.event.actor() == 2),
          Map.entry(
              "vcpu != 1", seen -> seen.event.actor() != 1 && seen.event.actor() != Event.NONE),
          Map.entry("latency > 2us", seen -> seen.latencyNs > 2000),
          Map.entry("latency <= 1us", seen -> seen.latencyNs >= 0 && seen.latencyNs <= 1000),
          Map.entry("queue >= 3", seen -> seen.depth >= 3),
          Map.entry(
              "queue = 0 and kind = wake",
              seen -> seen.depth == 0 && seen.event.kind() == EventKind.WAKE),
          Map.entry(
              "state has dirty and not before has dirty",
              seen ->
                  (seen.event.after() & PageState.DIRTY) != 0
                      && (seen.event.before() & PageState.DIRTY) == 0),
          Map.entry("flag has write and flag != wp", seen -> (seen.event.flags() & 17) == 1),
          Map.entry(
              "time in 10us..20us",
              seen -> seen.event.timeNs() >= 10_000 && seen.event.timeNs() <= 20_000),
          Map.entry("cause = 3", seen -> seen.event.cause() == 3),
          Map.entry(
              "kernel = sched-in",
              seen -> seen.event.kind() == EventKind.KERNEL && seen.event.detail() == 1),
          Map.entry("not kind = wake", seen -> seen.event.kind() != EventKind.WAKE),
          Map.entry(
              "errno = 0", seen -> seen.event.kind() == EventKind.IOCTL && seen.event.errno() == 0),
          Map.entry("errno = 255", seen -> seen.event.errno() == 255));

  @TempDir Path folder;

  private record Seen(Event event, int depth, long latencyNs) {
    boolean touches(long first, long last) {
      return event.hasPages()
          && event.firstPage() <= last
          && event.firstPage() + event.pageCount() - 1 >= first;
    }
  }

  @Test
  void searchFindsExactlyWhatReadingEveryEventFinds() {
    Seeds.forEach(
        10,
        seed -> {
          Path file = folder.resolve("search-" + seed + ".fscope");
          try (RecordingFile recording = RecordingFile.create(file, new TimelineInfo("", "", 0));
              Timeline timeline = recording.timeline()) {
            RandomRecording expected = new RandomRecording(recording, seed);
            Random random = new Random(seed);
            for (int i = 0; i < 12; i++) {
              expected.append(random.nextInt(120));
              if (random.nextInt(3) != 0) {
                recording.flush();
              }
            }
            if (timeline.actors().size() < 3 || timeline.regions().size() < 3) {
              return;
            }
            List<Seen> seen = seen(expected.events);
            QUERIES.forEach((text, rule) -> compare(text, rule, timeline, seen, random));
          }
        });
  }

  private static void compare(
      String text, Predicate<Seen> rule, Timeline timeline, List<Seen> seen, Random random) {
    EventPredicate predicate = Query.parse(text).on(timeline);
    long from = 1 + random.nextInt(seen.size());
    List<Long> after = new ArrayList<>();
    List<Long> before = new ArrayList<>();
    for (Seen one : seen) {
      long sequence = one.event.sequence();
      if (rule.test(one)) {
        if (sequence >= from) {
          after.add(sequence);
        }
        if (sequence <= from) {
          before.addFirst(sequence);
        }
      }
    }
    assertThat(all(timeline, predicate, from, Direction.FORWARD)).as(text).isEqualTo(after);
    assertThat(all(timeline, predicate, from, Direction.BACKWARD)).as(text).isEqualTo(before);
    assertThat(timeline.search().find(predicate, from, Direction.FORWARD).first())
        .isEqualTo(after.isEmpty() ? 0 : after.getFirst());
  }

  /** Asks again from where each bounded answer stopped. */
  private static List<Long> all(
      Timeline timeline, EventPredicate predicate, long from, Direction direction) {
    List<Long> hits = new ArrayList<>();
    Search search = timeline.search();
    long at = from;
    while (at != 0) {
      SearchResult result = search.find(predicate, at, direction, 7, 50);
      hits.addAll(result.hits());
      at = result.next();
    }
    return hits;
  }

  private static List<Seen> seen(List<Event> events) {
    List<Seen> seen = new ArrayList<>();
    Moment before = PlainFold.of(List.of(), RandomRecording.ACTORS);
    for (int n = 1; n <= events.size(); n++) {
      Event event = events.get(n - 1);
      long latency = -1;
      if (event.kind() == EventKind.WAKE) {
        for (Moment.Entry entry : before.queue()) {
          latency = entry.actor() == event.actor() ? event.timeNs() - entry.sinceNs() : latency;
        }
      }
      before = PlainFold.of(events.subList(0, n), RandomRecording.ACTORS);
      seen.add(new Seen(event, before.queue().size(), latency));
    }
    return seen;
  }

  @Test
  void historyCausesAndEffectsFollowOnePage() throws Exception {
    Path file = folder.resolve("history.fscope");
    try (RecordingFile recording = RecordingFile.create(file, new TimelineInfo("", "", 0));
        Timeline timeline = recording.timeline()) {
      RandomRecording expected = new RandomRecording(recording, 5);
      for (int i = 0; i < 20; i++) {
        expected.append(50);
        recording.flush();
      }
      List<Event> about = new ArrayList<>();
      for (Event event : expected.events.subList(0, 700)) {
        if (event.hasPages() && event.covers(0, 42)) {
          about.addFirst(event);
        }
      }
      PageHistory history = PageHistory.of(timeline, 0, 42, 700, 10_000);
      assertThat(history.events()).isEqualTo(about);
      assertThat(history.next()).isZero();
      PageHistory newest = PageHistory.of(timeline, 0, 42, 700, 3);
      assertThat(newest.events()).isEqualTo(about.subList(0, 3));
      assertThat(PageHistory.of(timeline, 0, 42, newest.next(), 10_000).events())
          .isEqualTo(about.subList(3, about.size()));

      Event caused = expected.events.stream().filter(e -> e.cause() > 0).toList().getLast();
      List<Event> chain = Causes.chain(timeline, caused.sequence(), 50);
      assertThat(chain.getFirst()).isEqualTo(caused);
      assertThat(chain.get(1).sequence()).isEqualTo(caused.cause());
      assertThat(Causes.effects(timeline, caused.cause(), 1000, 100_000).hits())
          .contains(caused.sequence())
          .allMatch(n -> timeline.event(n).cause() == caused.cause());
    }
  }

  @Test
  void namesThatTheRecordingDoesNotHaveAreRefused() throws Exception {
    Path file = folder.resolve("names.fscope");
    try (RecordingFile recording = RecordingFile.create(file, new TimelineInfo("", "", 0));
        Timeline timeline = recording.timeline()) {
      RandomRecording filled = new RandomRecording(recording, 1);
      filled.append(10);
      assertThatThrownBy(() -> Query.parse("actor = actor-O").on(timeline))
          .isInstanceOf(QueryException.class)
          .hasMessageContaining("did you mean \"actor-0\"");
      assertThatThrownBy(() -> Query.parse("region = ram").on(timeline))
          .isInstanceOfSatisfying(QueryException.class, e -> assertThat(e.position()).isEqualTo(9));
    }
  }
}
