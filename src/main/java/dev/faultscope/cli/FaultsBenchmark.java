package dev.faultscope.cli;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.query.FaultGrouping;
import dev.faultscope.session.query.FaultOrder;
import dev.faultscope.session.query.FaultRows;
import dev.faultscope.session.query.FaultTable;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * How long the first rows of all faults take in an order and their sums, and what finding the
 * faults costs before, beside reading every event once.
 */
final class FaultsBenchmark {
  private static final int THREADS = 64;
  private static final int PAGES = 1 << 20;
  private static final long SEED = 1;

  private final Path folder;
  private final int faults;
  private final int rounds;
  private final Consumer<String> out;

  FaultsBenchmark(Path folder, int faults, int rounds, Consumer<String> out) {
    this.folder = folder;
    this.faults = faults;
    this.rounds = rounds;
    this.out = out;
  }

  /** Something that is measured. */
  private interface Measured {
    void run();
  }

  void run() throws IOException {
    Path file = Files.createTempFile(folder, "faultscope-bench-", ".fscope");
    try {
      record(file);
      try (Timeline timeline = RecordingFile.open(file)) {
        say("%,d faults of %d threads, %,d events", faults, THREADS, timeline.lastSequence());
        double reading = seconds(() -> read(timeline));
        say("reading every event once                 %8.0f ms", reading * 1e3);
        double finding = seconds(timeline::waits);
        say(
            "finding the faults, once a recording     %8.0f ms, %.2f times the reading",
            finding * 1e3, finding / reading);
        for (FaultOrder order : FaultOrder.values()) {
          tell(
              "first %,d by %s".formatted(FaultRows.MAX_ROWS, order.id()),
              reading,
              () -> FaultTable.of(timeline, order, null, null, FaultRows.MAX_ROWS));
        }
        for (FaultGrouping grouping : FaultGrouping.values()) {
          tell(
              "sums by " + grouping.id(),
              reading,
              () -> FaultTable.of(timeline, FaultOrder.TIME, null, grouping, 0));
        }
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void tell(String what, double reading, Measured measured) {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      best = Math.min(best, seconds(measured));
    }
    say("%-40s %8.0f ms, %.3f times the reading", what, best * 1e3, best / reading);
  }

  private static double seconds(Measured measured) {
    long start = System.nanoTime();
    measured.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void read(Timeline timeline) {
    long flags = 0;
    for (long at = 1; at <= timeline.lastSequence(); at++) {
      Event event = timeline.event(at);
      flags |= event.flags();
    }
    if (flags != 0) {
      throw new IllegalStateException("nothing has flags");
    }
  }

  private void record(Path file) throws IOException {
    TimelineInfo info = new TimelineInfo("faults", "simulation", 0);
    try (RecordingFile recording = RecordingFile.create(file, info)) {
      recording.region(
          new Region(0, "ram", 0, Region.NO_GPA, PAGES, Backing.MEMFD, Region.MINOR, false));
      for (int i = 0; i < THREADS; i++) {
        recording.actor(new Actor(i, ActorKind.THREAD, "t" + i, i + 1, -1));
      }
      recording.actor(new Actor(THREADS, ActorKind.HANDLER, "h", THREADS + 1, -1));
      EventDraft draft = new EventDraft();
      SplittableRandom random = new SplittableRandom(SEED);
      int ioctl = UffdIoctl.CONTINUE.code();
      long now = 0;
      for (int fault = 0; fault < faults; fault++) {
        int page = random.nextInt(PAGES);
        int thread = fault % THREADS;
        now += random.nextInt(1, 1 << random.nextInt(1, 20));
        long queued =
            recording.append(draft.of(EventKind.ENQUEUE, now).actor(thread).pages(0, page, 1));
        draft.of(EventKind.READ, now += 100).actor(THREADS).pages(0, page, 1).cause(queued);
        recording.append(draft);
        draft.of(EventKind.CALL, now += random.nextInt(1, 1000)).actor(THREADS).detail(ioctl);
        long call = recording.append(draft.pages(0, page, 1));
        draft.of(EventKind.WAKE, now += random.nextInt(1, 1 << random.nextInt(1, 20)));
        recording.append(draft.actor(thread).pages(0, page, 1).cause(call));
        draft.of(EventKind.IOCTL, now += 10).actor(THREADS).detail(ioctl).pages(0, page, 1);
        recording.append(draft.cause(call));
      }
      recording.complete();
      recording.timeline().close();
    }
  }

  private void say(String format, Object... values) {
    out.accept(String.format(Locale.ROOT, format, values));
  }
}
