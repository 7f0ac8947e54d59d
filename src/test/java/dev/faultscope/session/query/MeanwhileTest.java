package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What went on during a wait, beside the same added up from the events one by one. */
class MeanwhileTest {
  private static final int THREADS = 5;
  private static final int HANDLER = THREADS;

  @TempDir Path folder;

  /** A wait as it was recorded. */
  private record Known(long seq, int thread, long fromNs, long toNs) {}

  @Test
  void overlapsOfEveryWaitAreThoseOfTheIntervals() {
    Seeds.forEach(
        20,
        seed -> {
          RandomGenerator random = new SplittableRandom(seed);
          List<Known> waits = new ArrayList<>();
          try (RecordingFile file = recording(random)) {
            record(file, random, waits);
            try (Timeline timeline = file.timeline()) {
              for (Known wait : waits) {
                compare(timeline, wait, waits);
              }
            }
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void compare(Timeline timeline, Known wait, List<Known> waits) {
    Meanwhile told = Objects.requireNonNull(FaultStory.of(timeline, wait.seq()).meanwhile());
    long together = 0;
    long before = 0;
    long after = 0;
    for (Known other : waits) {
      boolean overlaps =
          other.seq() < wait.seq()
              ? endOf(timeline, other) > wait.seq()
              : other.seq() > wait.seq() && other.seq() < endOf(timeline, wait);
      if (overlaps) {
        before += other.seq() < wait.seq() ? 1 : 0;
        after += other.seq() > wait.seq() ? 1 : 0;
        together += Math.min(wait.toNs(), other.toNs()) - Math.max(wait.fromNs(), other.fromNs());
      }
    }
    assertThat(told.fromNs()).isEqualTo(wait.fromNs());
    assertThat(told.toNs()).isEqualTo(wait.toNs());
    assertThat(told.lookedAt()).isNull();
    Meanwhile.Others others = told.others();
    assertThat(others.before()).as("begun before #%d", wait.seq()).isEqualTo(before);
    assertThat(others.after()).as("begun after #%d", wait.seq()).isEqualTo(after);
    assertThat(others.togetherNs()).as("together with #%d", wait.seq()).isEqualTo(together);
    assertThat(others.longest()).hasSize((int) Math.min(Meanwhile.MAX_OTHERS, before + after));
    assertThat(others.longest())
        .isSortedAccordingTo((a, b) -> Long.compare(b.togetherNs(), a.togetherNs()));
    for (Meanwhile.Handler each : told.handlers()) {
      assertThat(
              each.handlingNs()
                  + each.idleNs()
                  + each.blockedNs()
                  + each.runningNs()
                  + each.unknownNs())
          .isEqualTo(wait.toNs() - wait.fromNs());
      assertThat(each.unknownNs()).isNotNegative();
    }
    Meanwhile.Handler handler = told.handlers().getFirst();
    assertThat(handler.name()).isEqualTo("handler");
    assertThat(handler.messages()).isEqualTo(count(timeline, wait, EventKind.READ));
    assertThat(handler.calls().stream().mapToLong(Meanwhile.Calls::count).sum())
        .isEqualTo(count(timeline, wait, EventKind.CALL));
    assertThat(handler.handlingNs()).isEqualTo(handlingNs(timeline, wait));
  }

  /** The event that ended a wait, or one more than the last. */
  private static long endOf(Timeline timeline, Known wait) {
    for (long at = wait.seq() + 1; at <= timeline.lastSequence(); at++) {
      Event event = timeline.event(at);
      if (event.kind() == EventKind.WAKE && event.actor() == wait.thread()) {
        return at;
      }
    }
    return timeline.lastSequence() + 1;
  }

  private static long count(Timeline timeline, Known wait, EventKind kind) {
    long n = 0;
    for (long at = wait.seq() + 1; at < endOf(timeline, wait); at++) {
      n += timeline.event(at).kind() == kind ? 1 : 0;
    }
    return n;
  }

  /** The handler handles from a message or call to the return of a call. */
  private static long handlingNs(Timeline timeline, Known wait) {
    long ns = 0;
    long since = -1;
    for (long at = 1; at <= timeline.lastSequence(); at++) {
      Event event = timeline.event(at);
      boolean begins = event.kind() == EventKind.READ || event.kind() == EventKind.CALL;
      if (begins && since < 0) {
        since = event.timeNs();
      } else if (event.kind() == EventKind.IOCTL && since >= 0) {
        ns += within(wait, since, event.timeNs());
        since = -1;
      }
    }
    return since < 0 ? ns : ns + within(wait, since, timeline.endNs());
  }

  private static long within(Known wait, long fromNs, long toNs) {
    return Math.max(0, Math.min(wait.toNs(), toNs) - Math.max(wait.fromNs(), fromNs));
  }

  private RecordingFile recording(RandomGenerator random) throws IOException {
    RecordingFile file =
        RecordingFile.create(
            folder.resolve(random.nextLong() + ".fscope"), new TimelineInfo("test", "test", 0));
    file.region(new Region(0, "ram", 0x7000_0000L, Region.NO_GPA, 64, Backing.ANON, 1, false));
    for (int i = 0; i < THREADS; i++) {
      file.actor(new Actor(i, ActorKind.THREAD, "t" + i, i + 1, -1));
    }
    file.actor(new Actor(HANDLER, ActorKind.HANDLER, "handler", 9, -1));
    return file;
  }

  /** Threads that fault and a handler that answers them in any order; the last ones for ever. */
  private static void record(RecordingFile file, RandomGenerator random, List<Known> waits) {
    EventDraft draft = new EventDraft();
    @Nullable Known[] open = new Known[THREADS];
    long now = 1;
    long call = 0;
    for (int i = 0; i < 300; i++) {
      now += 1 + random.nextInt(50);
      int thread = random.nextInt(THREADS);
      Known wait = open[thread];
      if (wait == null) {
        long seq =
            file.append(
                draft.of(EventKind.ENQUEUE, now).actor(thread).pages(0, random.nextInt(64), 1));
        open[thread] = new Known(seq, thread, now, -1);
      } else if (call != 0) {
        file.append(draft.of(EventKind.IOCTL, now).actor(HANDLER).cause(call).pages(0, 0, 1));
        call = 0;
      } else if (random.nextBoolean()) {
        file.append(draft.of(EventKind.READ, now).actor(HANDLER).cause(wait.seq()));
      } else {
        call =
            file.append(
                draft
                    .of(EventKind.CALL, now)
                    .actor(HANDLER)
                    .detail(UffdIoctl.COPY.code())
                    .pages(0, 0, 1));
        now += 1 + random.nextInt(50);
        file.append(draft.of(EventKind.WAKE, now).actor(thread).cause(call).pages(0, 0, 1));
        waits.add(new Known(wait.seq(), thread, wait.fromNs(), now));
        open[thread] = null;
      }
    }
    for (Known wait : open) {
      if (wait != null) {
        waits.add(new Known(wait.seq(), wait.thread(), wait.fromNs(), now));
      }
    }
  }
}
