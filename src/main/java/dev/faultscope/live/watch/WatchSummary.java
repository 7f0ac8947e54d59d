package dev.faultscope.live.watch;

import dev.faultscope.linux.OpenUserfaultfd;
import dev.faultscope.live.attach.PeerMemory;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a watch has seen so far.
 *
 * @param pid the process
 * @param name its name
 * @param end why the watch ended; empty while it goes on
 * @param seconds how long it has gone on
 * @param samples how many samples were taken
 * @param late how many were left out because an earlier one took too long
 * @param uffds the process's userfaultfds at the last sample
 * @param areas what is registered
 * @param presentPages pages mapped at the last sample
 * @param appeared pages that were seen to appear, those there at the start not counted
 * @param vanished pages that were seen to vanish
 * @param sleeping threads that slept in handle_userfault at the last sample
 * @param waits sleeps that were seen to begin
 * @param origins how often a wait began in user mode, in stage 2, in KVM itself (with the function)
 *     and so on, where stacks may be read
 * @param events how many events were recorded
 * @param traced what the kernel's trace events told; null where counters were sampled
 */
public record WatchSummary(
    int pid,
    String name,
    String end,
    double seconds,
    long samples,
    long late,
    List<OpenUserfaultfd> uffds,
    List<PeerMemory.Area> areas,
    long presentPages,
    long appeared,
    long vanished,
    int sleeping,
    long waits,
    Map<String, Long> origins,
    long events,
    @Nullable Traced traced) {
  /**
   * What a watch by trace events has seen.
   *
   * @param lines lines of the trace
   * @param lost events that the kernel had no room for; -1 where it does not say how many
   * @param cpuShare CPU seconds that the watching thread took by second, 1 for a whole CPU
   * @param faults faults by what they wait for
   * @param silent what was not told, and why
   */
  public record Traced(
      long lines, long lost, double cpuShare, Map<String, Long> faults, List<String> silent) {}
}
