package dev.faultscope.trace.ftrace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.trace.Imports;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of processes without a userfaultfd. */
class HostFaultsTest {
  private static final String FAULT =
      "  app-%d [000] d.... 1.%06d: page_fault_user: address=0x%x ip=0x5 error_code=0x6\n";
  private static final String SLEEPS =
      "  app-7 [000] d..2. 1.%06d: sched_switch: prev_comm=app prev_pid=7 prev_prio=120"
          + " prev_state=D ==> next_comm=idle next_pid=0 next_prio=120\n";
  private static final String RUNS =
      "  idle-0 [000] d..2. 1.%06d: sched_switch: prev_comm=idle prev_pid=0 prev_prio=120"
          + " prev_state=R ==> next_comm=app next_pid=7 next_prio=120\n";

  @TempDir private Path directory;

  @Test
  void faultLastsToItsThreadsNextRun() throws Exception {
    String trace =
        FAULT.formatted(7, 10, 0x7f0000001000L) + SLEEPS.formatted(20) + RUNS.formatted(90);
    try (Imports.Result result = Imports.text(trace, directory)) {
      Statistics counted = Statistics.of(result.timeline());
      assertThat(counted.origin()).isEqualTo(FaultOrigin.HOST);
      assertThat(counted.faults()).isEqualTo(1);
      assertThat(counted.unreadFaults()).isZero();
      assertThat(counted.latency().max()).isEqualTo(80_000);
      assertThat(counted.faultsByThread()).containsEntry("7", 1L);
      Event wake = result.events().getLast();
      while (wake.kind() != EventKind.WAKE) {
        wake = result.timeline().event(wake.sequence() - 1);
      }
      assertThat(wake.is(EventFlags.INFERRED)).as("no line says when").isTrue();
    }
  }

  @Test
  void threadThatSleepsWhereSignalsWakeItIsOutOfItsFault() throws Exception {
    String trace =
        FAULT.formatted(7, 10, 0x7f0000001000L)
            + SLEEPS.formatted(20).replace("prev_state=D", "prev_state=S")
            + RUNS.formatted(90);
    try (Imports.Result result = Imports.text(trace, directory)) {
      assertThat(Statistics.of(result.timeline()).latency().max()).isEqualTo(10_000);
    }
  }

  @Test
  void faultsOfOneThreadEndEachOther() throws Exception {
    String trace =
        FAULT.formatted(7, 10, 0x7f0000001000L)
            + FAULT.formatted(8, 15, 0x7f0000001000L)
            + FAULT.formatted(7, 30, 0x7f0000002000L);
    try (Imports.Result result = Imports.text(trace, directory)) {
      Statistics counted = Statistics.of(result.timeline());
      assertThat(counted.faults()).isEqualTo(3);
      assertThat(counted.distinctPages()).isEqualTo(2);
      assertThat(counted.latency().max()).isEqualTo(20_000);
      assertThat(counted.faultsByOrigin()).containsEntry(FaultOrigin.HOST, 3L);
    }
  }

  @Test
  void besideAGuestTheyAreCountedApart() throws Exception {
    String trace =
        "  vm-9 [001] d..1. 1.000001: kvm_page_fault: vcpu 0 rip 0x1 address 0x7000 error_code"
            + " 0x6\n"
            + FAULT.formatted(7, 10, 0x7f0000001000L)
            + "  vm-9 [001] d..1. 1.000020: kvm_entry: vcpu 0, rip 0x1\n";
    try (Imports.Result result = Imports.text(trace, directory)) {
      Statistics counted = Statistics.of(result.timeline());
      assertThat(counted.origin()).isEqualTo(FaultOrigin.STAGE2);
      assertThat(counted.faults()).isEqualTo(1);
      assertThat(counted.faultsByOrigin())
          .containsEntry(FaultOrigin.STAGE2, 1L)
          .containsEntry(FaultOrigin.HOST, 1L);
      assertThat(result.timeline().waits().size()).isEqualTo(1);
    }
  }
}
