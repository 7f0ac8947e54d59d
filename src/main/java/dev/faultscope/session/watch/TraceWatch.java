package dev.faultscope.session.watch;

import dev.faultscope.linux.EventFd;
import dev.faultscope.linux.KvmGuests;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.PidFd;
import dev.faultscope.linux.Poll;
import dev.faultscope.linux.TraceInstance;
import dev.faultscope.linux.Tracefs;
import dev.faultscope.live.attach.ThreadNames;
import dev.faultscope.live.watch.ProcessWatch;
import dev.faultscope.live.watch.WatchOptions;
import dev.faultscope.live.watch.WatchSummary;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.trace.ftrace.TraceStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches a process without a userfaultfd by the kernel's trace events, from a trace instance of
 * its own that follows that process alone: faults between a guest and KVM, and the host's.
 */
public final class TraceWatch implements ProcessWatch {
  private static final int POLL_MS = 20;
  private static final int PROCESS = 0;
  private static final int BELL = 1;

  /** Kilobytes of the instance's buffer for each CPU. */
  private static final String BUFFER_KB = "8192";

  private static final List<String> HOST =
      List.of("exceptions/page_fault_user", "exceptions/page_fault_kernel", "sched/sched_switch");
  private static final List<String> GUEST =
      List.of(
          "kvm/kvm_exit",
          "kvm/kvm_entry",
          "kvm/kvm_page_fault",
          "kvm/kvm_guest_fault",
          "kvm/kvm_userspace_exit",
          "kvm/kvm_mmio",
          "kvm/kvm_emulate_insn",
          "kvm/kvm_unmap_hva_range",
          "kvm/kvm_try_async_get_page",
          "kvmmmu/kvm_mmu_spte_requested",
          "kvmmmu/kvm_mmu_set_spte",
          "kvmmmu/kvm_tdp_mmu_spte_changed",
          "kvmmmu/fast_page_fault",
          "kvmmmu/kvm_mmu_split_huge_page",
          "kvmmmu/mark_mmio_spte",
          "kvmmmu/handle_mmio_page_fault",
          "kvmmmu/kvm_mmu_zap_all_fast");

  private final int pid;
  private final WatchOptions options;
  private final PidFd process;
  private final EventFd bell;
  private final Tracefs tracefs;
  private final TraceInstance instance;
  private final Counting recorder;
  private final TraceStream stream;
  private final List<String> silent = new ArrayList<>();
  private final long originNs = System.nanoTime();
  private final String name;
  private long samples;
  private long cpuNs;
  private volatile boolean stopRequested;
  private volatile WatchSummary latest;

  private TraceWatch(
      int pid,
      WatchOptions options,
      PidFd process,
      EventFd bell,
      Tracefs tracefs,
      TraceInstance instance,
      Recorder recorder)
      throws IOException {
    this.pid = pid;
    this.options = options;
    this.process = process;
    this.bell = bell;
    this.tracefs = tracefs;
    this.instance = instance;
    this.recorder = new Counting(recorder);
    name = ThreadNames.ofProcess(pid);
    stream = new TraceStream(this.recorder, originNs);
    switchOn();
    latest = summarize("");
  }

  /**
   * Prepares to watch a process.
   *
   * @throws IOException if it is gone, or this machine's trace events may not be used; the message
   *     says which and what to do
   */
  public static TraceWatch of(int pid, WatchOptions options, Recorder recorder) throws IOException {
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      PidFd process = new PidFd(pid);
      opened.add(process);
      Tracefs tracefs = tracefs(pid);
      opened.add(tracefs);
      TraceInstance instance = tracefs.instance("watch");
      opened.add(instance);
      EventFd bell = new EventFd();
      opened.add(bell);
      return new TraceWatch(pid, options, process, bell, tracefs, instance, recorder);
    } catch (IOException | RuntimeException failure) {
      for (AutoCloseable each : opened.reversed()) {
        try {
          each.close();
        } catch (Exception further) {
          failure.addSuppressed(further);
        }
      }
      throw failure;
    }
  }

  private static Tracefs tracefs(int pid) throws IOException {
    try {
      return Tracefs.open();
    } catch (LinuxException denied) {
      throw new IOException(
          ("process %d has no userfaultfd, and its other faults are told by trace events alone,"
                  + " which cannot be used here: %s")
              .formatted(pid, denied.getMessage()),
          denied);
    }
  }

  private void switchOn() throws IOException {
    instance.set("trace_clock", "mono");
    instance.set("buffer_size_kb", BUFFER_KB);
    instance.follow(pid);
    boolean guest = KvmGuests.isRunBy(pid);
    for (String event : HOST) {
      switchOn(event);
    }
    if (guest) {
      for (String event : GUEST) {
        switchOn(event);
      }
    } else {
      silent.add("the process runs no KVM guest: only the host's faults are told");
    }
  }

  private void switchOn(String event) {
    if (!tracefs.has(event)) {
      silent.add(event + ": this kernel has no such event");
      return;
    }
    try {
      instance.enable(event, "");
    } catch (IOException refused) {
      silent.add(event + ": " + refused.getMessage());
    }
  }

  @Override
  public WatchSummary run() {
    String end;
    try {
      end = loop(new Poll(process.fd(), bell.fd()));
    } catch (IOException | UncheckedIOException failure) {
      end = String.valueOf(failure.getMessage());
    }
    try {
      stream.end();
      explain();
      recorder.note("the watch ended: " + end);
    } catch (UncheckedIOException failure) {
      end = "the recording cannot be written: " + failure.getMessage();
    }
    latest = summarize(end);
    return latest;
  }

  private String loop(Poll poll) throws IOException {
    String end = "";
    long before = cpuNow();
    while (end.isEmpty()) {
      boolean ready = poll.await(POLL_MS);
      if (stopRequested || (ready && poll.isReadable(BELL))) {
        end = "stopped";
      } else if (ready && poll.isReadable(PROCESS)) {
        end = "the process ended";
      } else if (!options.duration().isZero()
          && System.nanoTime() - originNs > options.duration().toNanos()) {
        end = "the time is up";
      }
      take();
      if (recorder.lastSequence() >= options.mostEvents()) {
        end = "as many events as may be, " + options.mostEvents() + ", are recorded";
      }
      stream.rest();
      samples++;
      cpuNs = cpuNow() - before;
      latest = summarize("");
    }
    return end;
  }

  private static long cpuNow() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Takes what is there; what comes meanwhile too, up to a bound, so that a stop is heard. */
  private void take() throws IOException {
    for (int piece = 0; piece < 256; piece++) {
      String text = instance.take();
      if (text.isEmpty()) {
        return;
      }
      stream.add(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /** A KVM without nested paging has no stage 2 to tell of. */
  private void explain() {
    if (recorder.saw(EventKind.EXIT) && recorder.faults(FaultOrigin.STAGE2) == 0) {
      silent.add(
          "kvm_page_fault: the guest ran and none came; a KVM without nested paging has no stage 2"
              + " of its own, its faults are those of the host");
    }
    silent.forEach(recorder::note);
  }

  private WatchSummary summarize(String end) {
    double seconds = (System.nanoTime() - originNs) / 1e9;
    Map<String, Long> faults = new LinkedHashMap<>();
    long waits = 0;
    for (FaultOrigin origin : FaultOrigin.values()) {
      faults.put(origin.id(), recorder.faults(origin));
      waits += recorder.faults(origin);
    }
    return new WatchSummary(
        pid,
        name,
        end,
        seconds,
        samples,
        0,
        List.of(),
        List.of(),
        0,
        0,
        0,
        0,
        waits,
        Map.of(),
        recorder.lastSequence(),
        new WatchSummary.Traced(
            stream.lines(), stream.lost(), cpuNs / 1e9 / seconds, faults, List.copyOf(silent)));
  }

  @Override
  public WatchSummary summary() {
    return latest;
  }

  @Override
  public void stop() {
    stopRequested = true;
    bell.ring();
  }

  @Override
  public void close() {
    try {
      instance.close();
    } catch (IOException left) {
      throw new UncheckedIOException("the trace instance is still there", left);
    } finally {
      tracefs.close();
      bell.close();
      process.close();
    }
  }
}
