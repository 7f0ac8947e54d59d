package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.timeline.UnkeptRecording;
import org.junit.jupiter.api.Test;

/** What a run's report counts as faults of which kind. */
class FaultCountsTest {
  @Test
  void exitForASetBitIsAUserfaultAndAgainWhenItIsStillSet() {
    RunReport.Faults faults =
        faults(
            """
            title: bits
            kernel: {guest-memfd: full-minor}
            memory: {g: {backing: guest_memfd, pages: 4}}
            kvm: {slots: {s: {memory: g, guest-memfd: true, userfault: true}}}
            vcpus: [v]
            steps:
              - {guest: {at: "g[0]"}, expect: {state: exited-to-vmm, exit-flags: USERFAULT}}
              - {kvm-run: v, expect: {state: exited-to-vmm, exit-flags: USERFAULT}}
              - {userfault-bits: {at: "g[0]", set: false}}
              - {kvm-run: v, expect: done}
              - {guest: {at: "g[0]"}, expect: done}
              - {guest: {at: "g[1]"}, expect: exited-to-vmm}
            """);

    assertThat(faults).isEqualTo(new RunReport.Faults(0, 0, 0, 3, 0));
  }

  @Test
  void exitForTheWrongAttributeIsAMemoryFault() {
    RunReport.Faults faults =
        faults(
            """
            title: attributes
            kernel: {guest-memfd: shmem-like}
            memory: {g: {backing: guest_memfd, pages: 4, fill: 1}}
            kvm: {slots: {s: {memory: g, guest-memfd: true}}}
            vcpus: [v]
            steps:
              - {guest: {at: "g[0]"}, expect: {value: 1}}
              - {guest: {at: "g[1]", private: true}, expect: {state: exited-to-vmm, exit: memory-fault}}
              - {convert: {memory: g, page: 1, pages: 2, to: private}}
              - {kvm-run: v, expect: done}
              - {guest: {at: "g[2]"}, expect: {state: exited-to-vmm, exit: memory-fault}}
            """);

    assertThat(faults).isEqualTo(new RunReport.Faults(0, 0, 0, 0, 2));
  }

  @Test
  void messageAndExitOfOneGuestAreCountedApart() {
    RunReport.Faults faults =
        faults(
            """
            title: both
            kernel: {guest-memfd: full-minor}
            memory: {g: {backing: guest_memfd, pages: 4, fill: 1}}
            uffds: {u: {register: {g: [MINOR]}}}
            kvm: {slots: {s: {memory: g, guest-memfd: true, userfault: true}}}
            vcpus: [v]
            steps:
              - {guest: {at: "g[0]"}, expect: exited-to-vmm}
              - {userfault-bits: {at: "g[0]", set: false}}
              - {kvm-run: v, expect: done}
              - {kvm-access: {what: kvmclock, at: "g[1]", value: 1}, expect: blocked}
              - {message: u, expect: {at: "g[1]", flags: [MINOR, WRITE]}}
              - {continue: {at: "g[1]"}}
              - {thread: v, expect: done}
            """);

    assertThat(faults).isEqualTo(new RunReport.Faults(0, 1, 0, 1, 0));
  }

  @Test
  void handlerOfExitsAnswersOneUserfaultAPage() {
    RunReport.Faults faults =
        faults(
            """
            title: exits
            memory: {ram: {backing: memfd, pages: 64, fill: 1}}
            kvm: {slots: {s: {memory: ram, userfault: true}}}
            vcpus: {v: {count: 2, workload: {kind: random, split: true}}}
            handlers: {x: {exits: kvm-userfault}}
            """);

    assertThat(faults).isEqualTo(new RunReport.Faults(0, 0, 0, 64, 0));
  }

  private static RunReport.Faults faults(String text) {
    Simulation simulation =
        Simulation.start(ScenarioParser.parse(text), SimulationOptions.NONE, new UnkeptRecording());
    Runs.toTheEnd(simulation);
    RunReport report = simulation.report();
    assertThat(report.expectations().failed()).isEmpty();
    return report.faults();
  }
}
