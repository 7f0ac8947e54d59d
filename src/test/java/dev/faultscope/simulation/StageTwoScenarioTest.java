package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.DecideReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps of scenarios in which KVM answers the guest alone, and those in which it does not. */
class StageTwoScenarioTest {
  private static final String KVM = "kvm: {slots: {s: {memory: ram}}}\nvcpus: [v]\n";

  @TempDir Path folder;

  private Path play(String text, List<RunReport> reports) throws IOException {
    return new Runs(folder)
        .run(
            text,
            SimulationOptions.NONE,
            simulation -> {
              Runs.toTheEnd(simulation);
              reports.add(simulation.report());
            });
  }

  private Statistics played(String text) throws IOException {
    List<RunReport> reports = new ArrayList<>();
    Path file = play(text, reports);
    assertThat(reports.getFirst().expectations().failed()).isEmpty();
    try (Timeline timeline = RecordingFile.open(file)) {
      Statistics counted = Statistics.of(timeline);
      assertThat(reports.getFirst().faults().stage2())
          .isEqualTo(counted.faultsByOrigin().get(FaultOrigin.STAGE2));
      return counted;
    }
  }

  @Test
  void guestWithoutUserfaultfdFaultsInStageTwo() throws IOException {
    Statistics counted =
        played(
            "title: t\nmemory: {ram: {backing: anon, pages: 4}}\n"
                + KVM
                + "steps: [{guest: {at: ram}, expect: {faults: 1}},"
                + " {guest: {at: ram, write: 1}, expect: {faults: 2}}]");

    assertThat(counted.origin()).isEqualTo(FaultOrigin.STAGE2);
    assertThat(counted.faults()).isEqualTo(3);
    assertThat(counted.zappedPages()).isEqualTo(1);
  }

  @Test
  void guestWithUserfaultfdFaultsThereAlone() throws IOException {
    Statistics counted =
        played(
            "title: t\nmemory: {ram: {backing: anon, pages: 4}}\nuffds: {u: {}}\n"
                + KVM
                + "steps: [{guest: {at: ram}, expect: {faults: 0}}]");

    assertThat(counted.faultsByOrigin()).containsEntry(FaultOrigin.STAGE2, 0L);
  }

  @Test
  void logClearedByHandProtectsWhatIsCleared() throws IOException {
    played(
        """
        title: t
        memory: {ram: {backing: anon, pages: 8}}
        kvm: {dirty-logs: initially-set, slots: {s: {memory: ram}}}
        vcpus: [v]
        steps:
          - {guest: {at: ram, write: 1}, expect: {faults: 1}}
          - {guest: {at: "ram[1]", write: 1}, expect: {faults: 1}}
          - {dirty-log: {slot: s}, expect: ENOENT}
          - {memslot: {slot: s, log: true}}
          - {guest: {at: ram, write: 2}, expect: {faults: 0}}
          - {dirty-log: {slot: s}, expect: {dirty-pages: 8}}
          - {dirty-log: {slot: s}, expect: {dirty-pages: 8}}
          - {clear-dirty-log: {at: ram}}
          - {guest: {at: "ram[1]", write: 2}, expect: {faults: 0}}
          - {guest: {at: ram, write: 3}, expect: {faults: 1}}
          - {clear-dirty-log: {at: ram, pages: 8}}
          - {dirty-log: {slot: s}, expect: {dirty-pages: 0}}
        """);
  }

  @Test
  void withoutTheQuirkAnotherSlotsPagesStay() throws IOException {
    played(
        """
        title: t
        memory: {ram: {backing: anon, pages: 8}, hot: {backing: anon, pages: 8}}
        kvm: {slot-zap-all: false, slots: {s: {memory: ram}, h: {memory: hot, gpa: 0x10000}}}
        vcpus: [v]
        steps:
          - {guest: {at: ram, write: 1}, expect: {faults: 1}}
          - {guest: {at: hot, write: 1}, expect: {faults: 1}}
          - {memslot: {slot: h, exists: false}}
          - {memslot: {slot: h, exists: false}, expect: EINVAL}
          - {guest: {at: ram}, expect: {faults: 0}}
          - {memslot: {slot: h, exists: true}}
          - {guest: {at: hot}, expect: {faults: 1, value: 1}}
        """);
  }

  @Test
  void devicesBesideAUserfaultfdAreRefused() {
    assertThatThrownBy(
            () ->
                play(
                    "title: t\nmemory: {ram: {backing: anon, pages: 4}}\nuffds: {u: {}}\n"
                        + "kvm: {slots: {s: {memory: ram}}, devices: {d: {gpa: 0x10000}}}\n"
                        + "vcpus: [v]\nsteps: [{guest: {at: ram}}]",
                    new ArrayList<>()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("only where KVM answers alone");
  }

  @Test
  void dirtyLogBesideAUserfaultfdIsToldAsImpossible() throws IOException {
    List<RunReport> reports = new ArrayList<>();
    play(
        "title: t\nmemory: {ram: {backing: anon, pages: 4}}\nuffds: {u: {}}\n"
            + KVM
            + "steps: [{memslot: {slot: s, log: true}}]",
        reports);

    assertThat(reports.getFirst().expectations().failed())
        .singleElement()
        .satisfies(
            failed -> assertThat(failed.toString()).contains("only where KVM answers alone"));
  }

  @Test
  void faultsOfWorkloadsTakeTheirTimeAndMeetOnPages() throws IOException {
    Statistics counted =
        played(
            """
            title: t
            memory: {ram: {backing: anon, pages: 256}}
            kvm: {slots: {s: {memory: ram}}}
            vcpus: {v: {count: 4, workload: {kind: sequential, memory: ram, writes: 100}}}
            costs: {stage2: 900ns}
            """);

    assertThat(counted.distinctPages()).isEqualTo(256);
    assertThat(counted.faultsByCause().get(DecideReason.MAPPED_FIRST)).isEqualTo(256);
    assertThat(counted.faultsByCause().get(DecideReason.SPURIOUS)).isPositive();
    assertThat(counted.leaves().small()).isEqualTo(256);
    assertThat(counted.faultsByThread()).hasSize(4);
    assertThat(counted.latency().quantile(0)).isGreaterThanOrEqualTo(900);
  }

  @Test
  void readingVcpusFindTheWritersCopy() throws IOException {
    Statistics counted =
        played(
            """
            title: t
            memory: {ram: {backing: anon, pages: 64}}
            kvm: {slots: {s: {memory: ram}}}
            vcpus:
              reader: {workload: {kind: random, memory: ram, writes: 0}}
              writer: {workload: {kind: random, memory: ram, writes: 100, start: 1us}}
            """);

    assertThat(counted.faultsByCause().get(DecideReason.RETRIED)).isPositive();
    assertThat(counted.faultsByCause().get(DecideReason.MAPPED_FIRST)).isEqualTo(64);
  }

  @Test
  void hugePageOfAFileIsWritableOnceRead() throws IOException {
    Statistics counted =
        played(
            """
            title: t
            memory: {ram: {backing: hugetlb, pages: 1024}, own: {backing: hugetlb, pages: 512, private: true}}
            kvm: {slots: {s: {memory: ram}, p: {memory: own, gpa: 0x10000000}}}
            vcpus: [v]
            steps:
              - {guest: {at: "ram[5]"}, expect: {faults: 1}}
              - {guest: {at: "ram[9]", write: 1}, expect: {faults: 0}}
              - {guest: {at: "own[5]"}, expect: {faults: 1}}
              - {guest: {at: "own[9]", write: 1}, expect: {faults: 1}}
              - {guest: {at: "own[10]", write: 1}, expect: {faults: 0}}
            """);

    assertThat(counted.leaves().of2M()).isEqualTo(2);
    assertThat(counted.zappedPages()).isZero();
  }

  @Test
  void protectionOfOnePageTakesAllOfAHugePageAway() throws IOException {
    Statistics counted =
        played(
            """
            title: t
            memory: {ram: {backing: anon, pages: 1024}}
            threads: [vmm]
            kvm: {slots: {s: {memory: ram}}}
            vcpus: [v]
            steps:
              - {madvise: {thread: vmm, at: ram, pages: 1024, advice: hugepage}}
              - {guest: {at: "ram[5]", write: 1}, expect: {faults: 1}}
              - {mprotect: {thread: vmm, at: "ram[100]", to: read}}
              - {guest: {at: "ram[5]"}, expect: {faults: 1, value: 1}}
              - {guest: {at: "ram[6]", write: 1}, expect: {faults: 1}}
              - {guest: {at: "ram[100]", write: 1}, expect: {state: exited-to-vmm, exit: error, errno: EFAULT}}
            """);

    assertThat(counted.leaves().of2M()).isEqualTo(1);
    assertThat(counted.zappedPages()).isEqualTo(512);
  }

  @Test
  void vcpusMeetOnTheirPageTablesToo() throws IOException {
    Statistics counted =
        played(
            """
            title: t
            memory: {low: {backing: anon, pages: 8}, ram: {backing: memfd, pages: 64}}
            kvm: {slots: {l: {memory: low}, s: {memory: ram, gpa: 0x100000}}, page-tables: 0x0, code: 0x3000}
            vcpus: {v: {count: 4, workload: {kind: random, memory: ram, writes: 50}}}
            """);

    assertThat(counted.distinctPages()).isEqualTo(64 + 4);
    assertThat(counted.latency().count()).as("waits that are over").isEqualTo(counted.faults());
  }
}
