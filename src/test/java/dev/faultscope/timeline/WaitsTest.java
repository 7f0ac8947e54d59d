package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.testsupport.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitsTest {
  private static final int THREADS = 50;

  @TempDir Path folder;

  /** More than a block, so that they lie in the file too; asked for while the recording grows. */
  @Test
  void waitsAreThoseOfAFoldAtEveryLengthOfTheRecording() throws Exception {
    try (RecordingFile recording =
            RecordingFile.create(folder.resolve("w.fscope"), new TimelineInfo("w", "", 0));
        Timeline timeline = recording.timeline()) {
      declare(recording);
      Random random = new Random(3);
      Faults faults = new Faults(recording, random);
      for (int i = 0; i < 5; i++) {
        for (int n = 0; n < 25_000; n++) {
          faults.step();
        }
        assertThat(listed(timeline.waits())).isEqualTo(folded(timeline, _ -> true, _ -> true));
      }
      assertThat(timeline.waits().size()).isGreaterThan(2 * Waits.BLOCK);
    }
  }

  @Test
  void wantedWaitsAreThoseOfAFoldThatIsAskedForThem() throws Exception {
    Seeds.forEach(
        20,
        seed -> {
          Random random = new Random(seed);
          try (RecordingFile recording =
                  RecordingFile.create(folder.resolve("w.fscope"), new TimelineInfo("w", "", 0));
              Timeline timeline = recording.timeline()) {
            declare(recording);
            Faults faults = new Faults(recording, random);
            for (int n = 0; n < 500; n++) {
              faults.step();
            }
            Set<Long> wanted = new HashSet<>();
            LongStream.rangeClosed(1, timeline.lastSequence())
                .filter(_ -> random.nextInt(9) == 0)
                .forEach(wanted::add);
            Set<Long> ended = new HashSet<>();
            LongStream.rangeClosed(1, timeline.lastSequence())
                .filter(_ -> random.nextInt(9) == 0)
                .forEach(ended::add);
            assertThat(listed(timeline.waits(wanted::contains, ended::contains)))
                .isEqualTo(folded(timeline, wanted::contains, ended::contains));
          }
        });
  }

  private static List<Wait> listed(Waits waits) {
    return LongStream.range(0, waits.size())
        .mapToObj(
            wait -> {
              Wait at = waits.at(wait);
              for (WaitPart part : WaitPart.values()) {
                assertThat(waits.ns(part, wait)).isEqualTo(Wait.orUntold(at.ns(part)));
              }
              assertThat(waits.enqueuedNs(wait)).isEqualTo(at.enqueue().timeNs());
              assertThat(waits.actor(wait)).isEqualTo(at.enqueue().actor());
              assertThat(waits.page(wait)).isEqualTo(at.enqueue().firstPage());
              assertThat(waits.flags(wait)).isEqualTo(at.enqueue().flags());
              assertThat(waits.reason(wait)).isEqualTo(DecideReason.CACHED_MINOR.code());
              assertThat(waits.isRead(wait)).isEqualTo(at.readNs() != null);
              assertThat(waits.isOver(wait)).isEqualTo(at.endNs() != null);
              return at;
            })
        .sorted(Comparator.comparingLong(wait -> wait.enqueue().sequence()))
        .toList();
  }

  private static List<Wait> folded(Timeline timeline, LongPredicate wanted, LongPredicate ended) {
    List<Wait> told = new ArrayList<>();
    WaitFold fold = new WaitFold(timeline, wanted, ended, told::add);
    for (long at = 1; at <= timeline.lastSequence(); at++) {
      fold.add(timeline.event(at));
    }
    fold.end();
    told.sort(Comparator.comparingLong(wait -> wait.enqueue().sequence()));
    return told;
  }

  private static void declare(Recorder recorder) {
    recorder.region(
        new Region(0, "ram", 0, Region.NO_GPA, 1000, Backing.MEMFD, Region.MINOR, false));
    for (int i = 0; i < THREADS; i++) {
      recorder.actor(new Actor(i, ActorKind.THREAD, "t" + i, i, -1));
    }
    recorder.actor(new Actor(THREADS, ActorKind.HANDLER, "h", THREADS, -1));
  }

  /** Threads that fault and are answered, now and then not read before. */
  private static final class Faults {
    private final Recorder recorder;
    private final Random random;
    private final EventDraft draft = new EventDraft();
    private final long[] waitingSince = new long[THREADS];
    private final int[] page = new int[THREADS];
    private long now;

    Faults(Recorder recorder, Random random) {
      this.recorder = recorder;
      this.random = random;
    }

    void step() {
      int thread = random.nextInt(THREADS);
      now += random.nextInt(1000);
      if (waitingSince[thread] == 0) {
        page[thread] = random.nextInt(1000);
        long decided =
            recorder.append(
                of(EventKind.DECIDE, thread, thread, 0).detail(DecideReason.CACHED_MINOR.code()));
        waitingSince[thread] = recorder.append(of(EventKind.ENQUEUE, thread, thread, decided));
        return;
      }
      long enqueued = waitingSince[thread];
      waitingSince[thread] = 0;
      if (random.nextInt(10) > 0) {
        recorder.append(of(EventKind.READ, THREADS, thread, enqueued));
      }
      int ioctl = UffdIoctl.CONTINUE.code();
      long call = recorder.append(of(EventKind.CALL, THREADS, thread, 0).detail(ioctl));
      recorder.append(of(EventKind.WAKE, thread, thread, call));
      recorder.append(of(EventKind.IOCTL, THREADS, thread, call).detail(ioctl));
      if (random.nextBoolean()) {
        recorder.append(of(EventKind.RETRY, thread, thread, 0));
      }
    }

    private EventDraft of(EventKind kind, int actor, int thread, long cause) {
      return draft.of(kind, now++).actor(actor).pages(0, page[thread], 1).cause(cause);
    }
  }
}
