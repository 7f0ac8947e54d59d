package dev.faultscope.cli;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.timeline.UnkeptRecording;
import dev.faultscope.timeline.bench.CpuClock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How many faults a second the simulated kernel takes through their whole life, recorded in full,
 * beside what appending as many events of the same kinds costs that nothing thinks about.
 */
final class SimulationBenchmark {
  /** One fault as a recording holds it. */
  private static final EventKind[] LIFE = {
    EventKind.TOUCH,
    EventKind.DECIDE,
    EventKind.ENQUEUE,
    EventKind.READ,
    EventKind.CALL,
    EventKind.INSTALL,
    EventKind.WAKE,
    EventKind.IOCTL,
    EventKind.RETRY,
    EventKind.DECIDE
  };

  /** A prime, so that the reference's pages jump about. */
  private static final long STEP = 7_368_787;

  private final Path folder;
  private final int pages;
  private final int rounds;
  private final Consumer<String> out;

  SimulationBenchmark(Path folder, int pages, int rounds, Consumer<String> out) {
    this.folder = folder;
    this.pages = pages;
    this.rounds = rounds;
    this.out = out;
  }

  /** Something that is made ready, which is not measured, and then done. {@return faults} */
  private interface Measured {
    LongSupplier prepare(Recorder recorder);
  }

  void run() throws IOException {
    say("%,d pages, each touched once by 64 threads or vCPUs in random order", pages);
    double reference = best("plain append of as many events", this::appendOnly, true);
    String threads = "threads, anonymous memory, COPY";
    double missing = best(threads, recorder -> simulate(THREADS, recorder), true);
    String minor = "threads, memfd, CONTINUE";
    double minors = best(minor, recorder -> simulate(MINOR, recorder), true);
    String vcpus = "vCPUs through stage 2, memfd, CONTINUE";
    double guests = best(vcpus, recorder -> simulate(GUEST, recorder), true);
    double unkept = best("threads, not recorded", r -> simulate(THREADS, r), false);
    say("a fault of %s costs %.2f times its plain append", threads, reference / missing);
    say("a fault of %s costs %.2f times its plain append", minor, reference / minors);
    say("a fault of %s costs %.2f times its plain append", vcpus, reference / guests);
    say("recording takes %.0f %% of a recorded fault", 100 * (1 - missing / unkept));
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    say("heap: %,d MiB used, at most %,d MiB", heap.getUsed() >> 20, heap.getMax() >> 20);
  }

  private static final String THREADS =
      """
      title: 64 threads
      memory: {ram: {backing: anon, pages: %d}}
      uffds: {u: {register: {ram: [MISSING]}}}
      threads: {t: {count: 64, workload: {kind: random, split: true}}}
      handlers: {h: {}}
      """;

  private static final String MINOR =
      """
      title: 64 threads, minor
      memory: {ram: {backing: memfd, pages: %d, fill: 1}}
      uffds: {u: {register: {ram: [MINOR]}}}
      threads: {t: {count: 64, workload: {kind: random, split: true}}}
      handlers: {h: {}}
      """;

  private static final String GUEST =
      """
      title: 64 vCPUs
      memory: {ram: {backing: memfd, pages: %d, fill: 1}}
      uffds: {u: {register: {ram: [MINOR]}}}
      kvm: {slots: {s: {memory: ram}}}
      vcpus: {v: {count: 64, workload: {kind: random, split: true}}}
      handlers: {h: {}}
      """;

  private double best(String what, Measured body, boolean recorded) throws IOException {
    double best = 0;
    double bestByTheWall = 0;
    for (int round = 0; round < rounds; round++) {
      Path file = Files.createTempFile(folder, "faultscope-bench-", ".fscope");
      CpuClock clock = new CpuClock();
      TimelineInfo info = new TimelineInfo(what, Scenario.SIMULATION, 0);
      try (RecordingFile recording = RecordingFile.create(file, info, clock)) {
        LongSupplier ready = body.prepare(recorded ? recording : new UnkeptRecording());
        clock.restart();
        long faults = ready.getAsLong();
        recording.flush();
        best = Math.max(best, faults * 1e9 / clock.cpuNs());
        bestByTheWall = Math.max(bestByTheWall, faults * 1e9 / clock.wallNs());
        recording.complete();
        recording.timeline().close();
      } finally {
        Files.deleteIfExists(file);
      }
    }
    say(
        "%-40s %.2f M faults per CPU second (%.2f M by the wall)",
        what, best / 1e6, bestByTheWall / 1e6);
    return best;
  }

  private LongSupplier simulate(String text, Recorder recorder) {
    Scenario scenario = ScenarioParser.parse(text.formatted(pages));
    Simulation simulation = Simulation.start(scenario, SimulationOptions.NONE, recorder);
    return () -> {
      while (simulation.advance()) {
        // to the end
      }
      return simulation.report().faults().total();
    };
  }

  private LongSupplier appendOnly(Recorder recorder) {
    recorder.region(
        new Region(0, "ram", 0x7f00_0000_0000L, Region.NO_GPA, pages, Backing.ANON, 1, false));
    recorder.actor(new Actor(0, ActorKind.THREAD, "t", 1, -1));
    return () -> append(recorder);
  }

  private long append(Recorder recorder) {
    EventDraft draft = new EventDraft();
    long cause = 0;
    for (int fault = 0; fault < pages; fault++) {
      int page = (int) (fault * STEP % pages);
      for (EventKind kind : LIFE) {
        draft.of(kind, fault).actor(0).pages(0, page, 1).cause(cause);
        switch (kind) {
          case ENQUEUE -> draft.change(0, PageState.QUEUED);
          case READ -> draft.change(PageState.QUEUED, PageState.READ);
          case INSTALL -> draft.change(0, PageState.MAPPED);
          case WAKE -> draft.change(PageState.READ, 0);
          default -> {
            // no page changes
          }
        }
        cause = recorder.append(draft);
      }
    }
    return pages;
  }

  private void say(String format, Object... values) {
    out.accept(String.format(Locale.ROOT, format, values));
  }
}
