package dev.faultscope.timeline.bench;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.LatencyHistogram;
import dev.faultscope.timeline.PageHistory;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Search.Direction;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.timeline.query.Query;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Measures a timeline beside plain sequential reading and writing of as many bytes
 * (docs/benchmarks.md). It uses one thread and writes the events' worth of bytes twice to a folder.
 */
public final class TimelineBenchmark {
  private static final int PAGES = 1 << 24;
  private static final int VCPUS = 4;
  private static final int SEEKS = 2_000;
  private static final int RECORD_BYTES = 32;
  private static final int BLOCK = 1 << 20;

  private final Path folder;
  private final long events;
  private final Consumer<String> out;

  /**
   * @param folder where the files go; they are deleted at the end
   * @param events how many events to append, at least 1,000
   * @param out told each line of the report
   */
  public TimelineBenchmark(Path folder, long events, Consumer<String> out) {
    this.folder = folder;
    this.events = events;
    this.out = out;
  }

  /**
   * Runs it.
   *
   * @throws IOException if the files cannot be written
   */
  public void run() throws IOException {
    Path plain = Files.createTempFile(folder, "bench", ".plain");
    Path file = Files.createTempFile(folder, "bench", ".fscope");
    try {
      say("%,d events, %,d pages, heap limit %,d MB", events, PAGES, heapLimit() >> 20);
      warmUp(file);
      plain(plain);
      append(file);
      read(file);
    } finally {
      Files.deleteIfExists(plain);
      Files.deleteIfExists(file);
    }
  }

  private void warmUp(Path file) throws IOException {
    try (RecordingFile recording = RecordingFile.create(file, info())) {
      fill(recording, Math.min(events, 2_000_000));
      recording.complete();
    }
    try (Timeline timeline = RecordingFile.open(file)) {
      walk(timeline.cursor(), timeline.lastSequence());
      Cursor cursor = timeline.cursor();
      Random random = new Random(1);
      for (int i = 0; i < 50; i++) {
        cursor.seek(random.nextLong(timeline.lastSequence()));
      }
    }
  }

  private void plain(Path file) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    long bytes = events * RECORD_BYTES;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      CpuClock clock = new CpuClock();
      for (long done = 0; done < bytes; done += block.capacity()) {
        channel.write(block.clear());
      }
      rate("plain write of as many bytes", events, clock);
      clock = new CpuClock();
      channel.position(0);
      while (channel.read(block.clear()) > 0) {
        // Only the time counts.
      }
      rate("plain read of as many bytes", events, clock);
    }
  }

  private void append(Path file) throws IOException {
    CpuClock clock = new CpuClock();
    try (RecordingFile recording = RecordingFile.create(file, info(), clock);
        Timeline timeline = recording.timeline()) {
      clock.restart();
      fill(recording, events);
      recording.flush();
      rate("append", events, clock);
      recording.complete();
      say("heap used with the recorder open: %,d MB", usedHeap() >> 20);
      say("bytes per event on disk: %.1f", (double) Files.size(file) / timeline.lastSequence());
    }
  }

  private void read(Path file) throws IOException {
    CpuClock clock = new CpuClock();
    try (Timeline timeline = RecordingFile.open(file)) {
      rate("open (every checksum and record checked)", events, clock);
      clock = new CpuClock();
      walk(timeline.cursor(), timeline.lastSequence());
      rate("replay, event by event", events, clock);
      Cursor cursor = timeline.cursor();
      seeks("seek", timeline, cursor);
      say("heap used with a cursor: %,d MB", usedHeap() >> 20);
      long[] told = {0};
      cursor.onChange((region, first, count) -> told[0] += count);
      seeks("seek, told what changed", timeline, cursor);
      say("pages told per seek: %,d", told[0] / SEEKS);
      back(cursor);
      moments(timeline, cursor);
      search(timeline, "errno = EEXIST");
      search(timeline, "ioctl = CONTINUE and page = 1");
      search(timeline, "queue > 100 and latency > 1s");
      long start = System.nanoTime();
      PageHistory history = PageHistory.of(timeline, 0, 4711, timeline.lastSequence(), 200);
      say("history of a page: %d events in %s", history.events().size(), ms(start));
      say("heap used at the end: %,d MB", usedHeap() >> 20);
    }
  }

  private static void walk(Cursor cursor, long last) {
    while (cursor.position() < last) {
      cursor.next();
    }
  }

  private void seeks(String name, Timeline timeline, Cursor cursor) {
    Random random = new Random(42);
    long[] times = new long[SEEKS];
    long[] cpu = new long[SEEKS];
    for (int i = 0; i < SEEKS; i++) {
      long moment = random.nextLong(timeline.lastSequence() + 1);
      CpuClock clock = new CpuClock();
      cursor.seek(moment);
      times[i] = clock.wallNs();
      cpu[i] = clock.cpuNs();
    }
    percentiles(name, times);
    percentiles(name + ", CPU time", cpu);
  }

  private void back(Cursor cursor) {
    long steps = cursor.position();
    CpuClock clock = new CpuClock();
    while (cursor.previous()) {
      // Only the time counts.
    }
    rate("step back, event by event", steps, clock);
  }

  private void moments(Timeline timeline, Cursor cursor) {
    Random random = new Random(43);
    long[] times = new long[200];
    for (int i = 0; i < times.length; i++) {
      cursor.seek(random.nextLong(timeline.lastSequence() + 1));
      long start = System.nanoTime();
      cursor.moment();
      times[i] = System.nanoTime() - start;
    }
    percentiles("queue and actors after a seek", times);
  }

  private void search(Timeline timeline, String query) {
    long start = System.nanoTime();
    SearchResult found =
        timeline
            .search()
            .find(Query.parse(query).on(timeline), 1, Direction.FORWARD, 1, Long.MAX_VALUE);
    say("search %s: %,d events passed in %s", query, found.scanned(), ms(start));
  }

  /** Faults of vCPUs on random pages, each in its own quarter, eight events a fault. */
  private static void fill(RecordingFile recording, long events) {
    recording.region(
        new Region(
            0, "guest-ram", 0x7f00_0000_0000L, 0, PAGES, Backing.MEMFD, Region.MINOR, false));
    for (int i = 0; i < VCPUS; i++) {
      recording.actor(new Actor(i, ActorKind.VCPU, "vcpu", 100 + i, i));
    }
    recording.actor(new Actor(VCPUS, ActorKind.HANDLER, "handler", 99, -1));
    Random random = new Random(7);
    EventDraft draft = new EventDraft();
    long time = 0;
    int waiting = PageState.QUEUED | PageState.READ | PageState.MINOR;
    int ioctl = UffdIoctl.CONTINUE.code();
    int mapped = PageState.CACHED | PageState.MAPPED;
    for (long done = 0; done < events; done += 8) {
      int vcpu = (int) (done >> 3) % VCPUS;
      int page = vcpu * (PAGES / VCPUS) + random.nextInt(PAGES / VCPUS);
      time += 500;
      draft.of(EventKind.TOUCH, time).detail(3).actor(vcpu).pages(0, page, 1);
      long cause = recording.append(draft);
      draft.of(EventKind.DECIDE, time).detail(1).actor(vcpu).pages(0, page, 1).cause(cause);
      cause = recording.append(draft);
      draft.of(EventKind.ENQUEUE, time).actor(vcpu).pages(0, page, 1).cause(cause);
      cause = recording.append(draft.change(0, PageState.QUEUED | PageState.MINOR));
      draft.of(EventKind.READ, time + 100).actor(VCPUS).pages(0, page, 1).cause(cause);
      cause = recording.append(draft.change(PageState.QUEUED, PageState.READ));
      draft.of(EventKind.CALL, time + 150).detail(ioctl).actor(VCPUS).pages(0, page, 1);
      cause = recording.append(draft.cause(cause));
      draft.of(EventKind.INSTALL, time + 200).actor(VCPUS).pages(0, page, 1).cause(cause);
      recording.append(draft.change(waiting, mapped));
      draft.of(EventKind.IOCTL, time + 250).detail(ioctl).actor(VCPUS).pages(0, page, 1);
      cause = recording.append(draft.cause(cause));
      draft.of(EventKind.WAKE, time + 300).actor(vcpu).pages(0, page, 1).cause(cause);
      recording.append(draft);
    }
  }

  private static TimelineInfo info() {
    return new TimelineInfo("benchmark", "simulation", 0);
  }

  private static long heapLimit() {
    return Runtime.getRuntime().maxMemory();
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void percentiles(String name, long[] times) {
    LatencyHistogram histogram = new LatencyHistogram();
    Arrays.stream(times).forEach(histogram::add);
    LatencyHistogram.Percentiles shown = histogram.percentiles();
    say(
        "%s: p50 %.2f ms, p99 %.2f ms, max %.2f ms",
        name, shown.p50() / 1e6, shown.p99() / 1e6, shown.max() / 1e6);
  }

  private void rate(String name, long count, CpuClock clock) {
    long ns = clock.wallNs();
    say(
        "%s: %.1f M events/s, %.0f MB/s; %.1f M events per second of CPU",
        name, count * 1e3 / ns, count * RECORD_BYTES * 1e3 / ns, count * 1e3 / clock.cpuNs());
  }

  private static String ms(long start) {
    return String.format(Locale.ROOT, "%.1f ms", (System.nanoTime() - start) / 1e6);
  }

  private void say(String format, Object... values) {
    out.accept(String.format(Locale.ROOT, format, values));
  }
}
