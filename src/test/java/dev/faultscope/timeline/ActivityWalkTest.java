package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.Moment.Activity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time summed over any stretches is the time that the moments say. */
class ActivityWalkTest {
  private static final TimelineInfo INFO = new TimelineInfo("random", "simulation", 7);
  private static final List<Activity> SUMMED =
      List.of(Activity.RUNNING, Activity.BLOCKED, Activity.HANDLING, Activity.IDLE);

  @TempDir Path folder;

  @Test
  void sumsAreThoseOfTheMoments() {
    Seeds.forEach(
        20,
        seed -> {
          Random random = new Random(seed);
          try (RecordingFile recording =
              RecordingFile.create(folder.resolve("s" + seed + ".fscope"), INFO)) {
            RandomRecording expected = new RandomRecording(recording, seed);
            expected.append(1 + random.nextInt(300));
            try (Timeline timeline = recording.timeline()) {
              long from = random.nextLong(timeline.endNs() + 1);
              ActivityWalk walk = timeline.activities(from);
              for (int stretch = 0; stretch < 5; stretch++) {
                long to = from + random.nextLong(timeline.endNs() + 2);
                walk.to(to);
                List<Object> plainly = plainly(expected.events, walk.actors(), from, to);
                plainly.addAll(counted(expected.events, from, to, stretch == 0));
                assertThat(told(walk)).isEqualTo(plainly);
                from = to;
              }
            }
          }
        });
  }

  @Test
  void stridesSumAsStepsDo() throws IOException {
    try (RecordingFile recording = RecordingFile.create(folder.resolve("l.fscope"), INFO)) {
      new RandomRecording(recording, 11).append(60_000);
      FileTimeline timeline = (FileTimeline) recording.timeline();
      Random random = new Random(5);
      // One index has room for all its sums, one has to drop most of them again and again.
      for (ActivityIndex index :
          List.of(timeline.activityIndex(64, Long.MAX_VALUE), timeline.activityIndex(64, 2_000))) {
        for (int round = 0; round < 20; round++) {
          long from = random.nextLong(timeline.endNs());
          ActivityWalk strides = timeline.activities(from, index);
          ActivityWalk steps = timeline.activities(from, index);
          steps.onChange((_, _, _, _) -> {});
          for (int stretch = 0; stretch < 6; stretch++) {
            from += random.nextLong(timeline.endNs() / 3);
            strides.to(from);
            steps.to(from);
            assertThat(told(strides)).isEqualTo(told(steps));
          }
        }
      }
      assertThat(timeline.activityIndex(64, 2_000).between(0, timeline.lastSequence()))
          .as("sums are bounded")
          .hasSizeBetween(2, 2_000 / ActivitySums.SUMMED);
      timeline.close();
    }
  }

  private static List<Object> told(ActivityWalk walk) {
    List<Object> told = new ArrayList<>();
    for (int actor = 0; actor < walk.actors(); actor++) {
      for (Activity activity : SUMMED) {
        told.add(walk.spentNs(actor, activity));
      }
    }
    told.add(walk.depthNs());
    told.add(walk.mostWaiting());
    told.add(walk.queued());
    told.add(walk.served());
    return told;
  }

  /** Faults queued and pages served by successful ioctls, by looking at each event. */
  private static List<Object> counted(List<Event> events, long from, long to, boolean isFirst) {
    long last = events.getLast().timeNs();
    List<Event> in =
        events.stream()
            .filter(
                event ->
                    isFirst || from < last
                        ? event.timeNs() >= from && (event.timeNs() < to || to >= last)
                        // The stretch before had those at the end.
                        : event.timeNs() > last)
            .toList();
    long served =
        in.stream()
            .filter(event -> event.kind() == EventKind.IOCTL && event.errno() == 0)
            .filter(event -> UffdIoctl.ofCode(event.detail()).fills())
            .mapToLong(Event::pageCount)
            .sum();
    return List.of(in.stream().filter(event -> event.kind() == EventKind.ENQUEUE).count(), served);
  }

  /** The same, moment by moment. */
  private static List<Object> plainly(List<Event> events, int actors, long from, long to) {
    long[] spent = new long[actors * SUMMED.size()];
    long depthNs = 0;
    int most = 0;
    for (int i = 0; i <= events.size(); i++) {
      long begin = Math.max(from, i == 0 ? 0 : events.get(i - 1).timeNs());
      long end = Math.min(to, i == events.size() ? Long.MAX_VALUE : events.get(i).timeNs());
      Moment moment = PlainFold.of(events.subList(0, i), actors);
      boolean isBefore = i < events.size() && events.get(i).timeNs() < from;
      long last = events.getLast().timeNs();
      boolean isAfter = i > 0 && events.get(i - 1).timeNs() >= to && to < last;
      if (!isBefore && !isAfter) {
        most = Math.max(most, moment.queue().size());
      }
      if (end > begin) {
        for (int actor = 0; actor < actors; actor++) {
          int at = SUMMED.indexOf(moment.actors().get(actor).activity());
          if (at >= 0) {
            spent[actor * SUMMED.size() + at] += end - begin;
          }
        }
        depthNs += moment.queue().size() * (end - begin);
      }
    }
    List<Object> told = new ArrayList<>();
    for (long each : spent) {
      told.add(each);
    }
    told.add(depthNs);
    told.add(most);
    return told;
  }
}
