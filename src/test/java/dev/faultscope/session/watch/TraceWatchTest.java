package dev.faultscope.session.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.linux.Tracefs;
import dev.faultscope.live.watch.ProcessWatch;
import dev.faultscope.live.watch.WatchOptions;
import dev.faultscope.live.watch.WatchSummary;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.Region;
import dev.faultscope.testsupport.Conditions;
import dev.faultscope.testsupport.Programs;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.BufferedReader;
import java.io.Writer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process without a userfaultfd, watched on the real kernel by its trace events. */
@Requires(Requirement.TRACEFS)
@Timeout(60)
class TraceWatchTest {
  private static final int PAGES = 256;

  /** Says where its memory lies, and writes to each page once when told to. */
  private static final String PROGRAM =
      """
      import ctypes, mmap, sys
      pages = %d
      memory = mmap.mmap(-1, pages * 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
      memory.madvise(mmap.MADV_NOHUGEPAGE)
      print(ctypes.addressof(ctypes.c_char.from_buffer(memory)), flush=True)
      sys.stdin.readline()
      for page in range(pages):
          memory[page * 4096] = 1
      print('done', flush=True)
      sys.stdin.readline()
      """
          .formatted(PAGES);

  @TempDir Path directory;

  @Test
  void everyFirstTouchOfItsMemoryIsAFaultOfTheHost() throws Exception {
    Path python = Programs.find("python3").orElse(null);
    Assumptions.assumeTrue(python != null, "no python3 on the PATH");
    Path file = directory.resolve("watch.fscope");
    Process process = new ProcessBuilder(python + "", "-c", PROGRAM).start();
    WatchSummary end;
    long base;
    try (BufferedReader said = process.inputReader();
        Writer told = process.outputWriter()) {
      base = Long.parseLong(said.readLine());
      try (RecordingFile recording = RecordingFile.create(file, new TimelineInfo("t", "watch", 0));
          ProcessWatch watch = Watches.of((int) process.pid(), WatchOptions.DEFAULT, recording)) {
        FutureTask<WatchSummary> run = new FutureTask<>(watch::run);
        Thread.ofPlatform().daemon().start(run);
        told.write("go\n");
        told.flush();
        assertThat(said.readLine()).isEqualTo("done");
        Conditions.await("faults of all pages", () -> hostFaults(watch.summary()) >= PAGES);
        watch.stop();
        end = run.get(20, TimeUnit.SECONDS);
        recording.complete();
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(end.end()).isEqualTo("stopped");
    assertThat(traced(end).lost()).isZero();
    assertThat(traced(end).silent()).anyMatch(line -> line.contains("no KVM guest"));
    try (Timeline timeline = RecordingFile.open(file)) {
      Statistics counted = Statistics.of(timeline);
      assertThat(counted.origin()).isEqualTo(FaultOrigin.HOST);
      assertThat(counted.faults()).as("as the watch said").isEqualTo(hostFaults(end));
      assertThat(touched(timeline, base))
          .hasSize(PAGES)
          .allSatisfy((_, times) -> assertThat(times).isEqualTo(1));
    }
    try (Tracefs tracefs = Tracefs.open()) {
      assertThat(tracefs.madeBy(ProcessHandle.current().pid())).isEmpty();
    }
  }

  private static Map<Long, Integer> touched(Timeline timeline, long base) {
    Map<Long, Integer> touched = new HashMap<>();
    for (long seq = 1; seq <= timeline.lastSequence(); seq++) {
      Event event = timeline.event(seq);
      if (event.kind() == EventKind.ENQUEUE && event.hasPages()) {
        Region region = timeline.regions().get(event.region());
        long address = region.base() + (long) event.firstPage() * Region.PAGE_BYTES;
        if (address >= base && address < base + PAGES * Region.PAGE_BYTES) {
          touched.merge(address, 1, Integer::sum);
        }
      }
    }
    return touched;
  }

  private static WatchSummary.Traced traced(WatchSummary summary) {
    WatchSummary.Traced traced = summary.traced();
    if (traced == null) {
      throw new AssertionError("it was not watched by trace events");
    }
    return traced;
  }

  private static long hostFaults(WatchSummary summary) {
    return traced(summary).faults().getOrDefault("host", 0L);
  }
}
