package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrentReadingTest {
  private static final int EVENTS = 400_000;
  private static final int PAGES = 50_000;

  @TempDir Path folder;

  @Test
  void readersSeeEveryPublishedEventWholeWhileItIsWritten() throws Exception {
    try (RecordingFile recording =
            RecordingFile.create(folder.resolve("live.fscope"), new TimelineInfo("", "", 0));
        Timeline timeline = recording.timeline();
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      recording.region(new Region(0, "ram", 0, 0, PAGES, Backing.ANON, 0, false));
      recording.actor(new Actor(0, ActorKind.THREAD, "t", 1, -1));
      List<Future<Long>> readers = new ArrayList<>();
      readers.add(threads.submit(follower(timeline)));
      readers.add(threads.submit(jumper(timeline)));
      EventDraft draft = new EventDraft();
      Random flushes = new Random(1);
      for (int n = 1; n <= EVENTS; n++) {
        draft.of(EventKind.TOUCH, n * 10L).actor(0).pages(0, page(n), 1).cause(n / 2);
        contents(n).forEach(each -> draft.content(each.offset(), each.length(), each.value()));
        recording.append(draft.change(0xffff, state(n)));
        if (flushes.nextInt(5000) == 0) {
          recording.flush();
        }
      }
      recording.complete();
      for (Future<Long> reader : readers) {
        assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
      }
    }
  }

  private static int page(long n) {
    return (int) (n * 7919 % PAGES);
  }

  /** What an event says of bytes: some say nothing, some three things. */
  private static List<Content> contents(long n) {
    return IntStream.range(0, (int) (n % 4))
        .mapToObj(i -> new Content(i * 1024 + (int) (n % 512), 512, (int) (n % 257) - 1))
        .toList();
  }

  private static int state(long n) {
    return (int) (n * 31 & 0x7ff);
  }

  private static Callable<Long> follower(Timeline timeline) {
    return () -> {
      Cursor cursor = timeline.cursor();
      while (cursor.position() < EVENTS) {
        if (cursor.next()) {
          check(cursor.event(), cursor.position());
          assertThat(timeline.contents(cursor.position())).isEqualTo(contents(cursor.position()));
          assertThat(cursor.state(0, page(cursor.position()))).isEqualTo(state(cursor.position()));
        } else {
          Thread.onSpinWait();
        }
      }
      return cursor.position();
    };
  }

  private static Callable<Long> jumper(Timeline timeline) {
    return () -> {
      Random random = new Random(2);
      Cursor cursor = timeline.cursor();
      long reads = 0;
      while (!timeline.isComplete() || reads < 100) {
        long last = timeline.lastSequence();
        if (last == 0) {
          Thread.onSpinWait();
          continue;
        }
        check(timeline.event(last), last);
        assertThat(timeline.contents(last)).isEqualTo(contents(last));
        long near = Math.max(1, last - random.nextInt(70_000));
        check(timeline.event(near), near);
        assertThat(timeline.contents(near)).isEqualTo(contents(near));
        cursor.seek(near);
        assertThat(cursor.state(0, page(near))).isEqualTo(state(near));
        assertThat(timeline.sequenceAt(near * 10)).isEqualTo(near);
        reads++;
      }
      return reads;
    };
  }

  private static void check(Event event, long n) {
    assertThat(event.sequence()).isEqualTo(n);
    assertThat(event.timeNs()).isEqualTo(n * 10);
    assertThat(event.firstPage()).isEqualTo(page(n));
    assertThat(event.after()).isEqualTo(state(n));
    assertThat(event.before()).isEqualTo(n > PAGES ? state(n - PAGES) : 0);
    assertThat(event.cause()).isEqualTo(n / 2);
  }
}
