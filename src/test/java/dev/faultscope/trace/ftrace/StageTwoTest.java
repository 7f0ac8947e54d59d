package dev.faultscope.trace.ftrace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.PageState;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.timeline.WaitPart;
import dev.faultscope.timeline.Waits;
import dev.faultscope.trace.Imports;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults between a guest and KVM, told by lines of our own making. */
class StageTwoTest {
  private static final String EXIT =
      "vcpu 0 reason npf rip 0x1 info1 0x100000006 info2 0x%x intr_info 0x0 error_code 0x0";
  private static final String FAULT = "vcpu 0 rip 0x1 address 0x%x error_code 0x100000006";

  @TempDir private Path directory;
  private final StringBuilder trace = new StringBuilder();
  private int micros;

  private StageTwoTest line(String thread, String event, String fields) {
    micros += 10;
    trace.append("  %s [001] d..1. 5.%06d: %s: %s%n".formatted(thread, micros, event, fields));
    return this;
  }

  private StageTwoTest cpu(String event, String fields) {
    return line("vm-7", event, fields);
  }

  private StageTwoTest leaves(long gpa) {
    return cpu("kvm_exit", EXIT.formatted(gpa)).cpu("kvm_page_fault", FAULT.formatted(gpa));
  }

  private StageTwoTest requests(long gfn) {
    return cpu("kvm_mmu_spte_requested", "gfn %x pfn 1234 level 1".formatted(gfn));
  }

  private StageTwoTest changes(String thread, long gfn, int level, String before, String after) {
    return line(
        thread,
        "kvm_tdp_mmu_spte_changed",
        "as id 0 gfn %x level %d old_spte %s new_spte %s".formatted(gfn, level, before, after));
  }

  private StageTwoTest enters() {
    return cpu("kvm_entry", "vcpu 0, rip 0x1");
  }

  private Imports.Result told() throws Exception {
    return Imports.text(trace.toString(), directory);
  }

  private static Map<DecideReason, Long> causes(Imports.Result result) {
    return Statistics.of(result.timeline()).faultsByCause();
  }

  private static int stateOf(Imports.Result result, int page) {
    try (Cursor cursor = result.timeline().cursor()) {
      cursor.seek(result.timeline().lastSequence());
      return cursor.state(0, page);
    }
  }

  @Test
  void waitIsToldInItsParts() throws Exception {
    leaves(0x7000).requests(7).changes("vm-7", 7, 1, "0", "1234b77").enters();
    try (Imports.Result result = told()) {
      Waits waits = result.timeline().waits();
      assertThat(waits.size()).isEqualTo(1);
      assertThat(waits.origin(0)).isEqualTo(FaultOrigin.STAGE2);
      assertThat(waits.ns(WaitPart.LATENCY, 0)).isEqualTo(40_000);
      assertThat(waits.ns(WaitPart.UNREAD, 0)).as("exit to KVM's look").isEqualTo(10_000);
      assertThat(waits.ns(WaitPart.READ_TO_IOCTL, 0)).as("to the host page").isEqualTo(10_000);
      assertThat(waits.ns(WaitPart.IOCTL, 0)).as("to the entry").isEqualTo(20_000);
      assertThat(causes(result)).containsExactly(Map.entry(DecideReason.MAPPED_FIRST, 1L));
      assertThat(stateOf(result, 0)).isEqualTo(PageState.STAGE2 | PageState.DIRTY);
      assertThat(result.events())
          .extracting(Event::kind)
          .containsExactly(
              EventKind.EXIT,
              EventKind.TOUCH,
              EventKind.ENQUEUE,
              EventKind.READ,
              EventKind.KERNEL,
              EventKind.DECIDE,
              EventKind.INSTALL,
              EventKind.WAKE,
              EventKind.EXIT);
    }
  }

  @Test
  void nothingSetIsThrownAwayAndAnEntryThatWasThereIsSpurious() throws Exception {
    leaves(0x7000).requests(7).changes("vm-7", 7, 1, "0", "1234b77").enters();
    leaves(0x8000).enters();
    leaves(0x7000).requests(7).enters();
    try (Imports.Result result = told()) {
      assertThat(causes(result))
          .containsOnly(
              Map.entry(DecideReason.MAPPED_FIRST, 1L),
              Map.entry(DecideReason.RETRIED, 1L),
              Map.entry(DecideReason.SPURIOUS, 1L));
    }
  }

  @Test
  void withoutLinesOfStageTwoTheCauseIsUnknown() throws Exception {
    leaves(0x7000).enters();
    try (Imports.Result result = told()) {
      assertThat(causes(result)).containsExactly(Map.entry(DecideReason.UNKNOWN, 1L));
      assertThat(stateOf(result, 0) & PageState.STAGE2).isZero();
    }
  }

  @Test
  void faultLinesAloneAreFaultsWhoseEndIsConcluded() throws Exception {
    cpu("kvm_page_fault", FAULT.formatted(0x7000)).cpu("kvm_page_fault", FAULT.formatted(0x8000));
    try (Imports.Result result = told()) {
      assertThat(Statistics.of(result.timeline()).faults()).isEqualTo(2);
      List<Event> wakes =
          result.events().stream().filter(event -> event.kind() == EventKind.WAKE).toList();
      assertThat(wakes).hasSize(1);
      assertThat(wakes.getFirst().is(EventFlags.INFERRED)).isTrue();
    }
  }

  @Test
  void entriesOfARemovedTableAreLostUnlessAHugeOneTakesTheirPlace() throws Exception {
    String frozen = "80000000000001a0";
    leaves(0x400000).requests(0x400).changes("vm-7", 0x400, 1, "0", "1234b77").enters();
    leaves(0x401000).requests(0x401).changes("vm-7", 0x401, 1, "0", "1235b77").enters();
    // The kernel tells the pages first, the table last; older ones the other way round.
    changes("vmm-5", 0x400, 1, "1234b77", frozen);
    changes("vmm-5", 0x400, 2, "5678907", "1200bf7");
    try (Imports.Result result = told()) {
      assertThat(Statistics.of(result.timeline()).zappedPages()).isZero();
      assertThat(stateOf(result, 300)).isEqualTo(PageState.STAGE2 | PageState.LEAF_2M);
    }
    changes("vmm-5", 0x400, 2, "1200bf7", "5678907");
    changes("vmm-5", 0x400, 2, "5678907", "0");
    changes("vmm-5", 0x401, 1, "1235b77", frozen);
    try (Imports.Result result = told()) {
      assertThat(Statistics.of(result.timeline()).zappedPages()).isEqualTo(1);
      assertThat(stateOf(result, 300)).as("a split leaf stays mapped").isEqualTo(PageState.STAGE2);
      assertThat(stateOf(result, 1) & PageState.STAGE2).isZero();
    }
  }

  @Test
  void writeProtectionIsLiftedOnTheFastPath() throws Exception {
    leaves(0x7000).requests(7).changes("vm-7", 7, 1, "0", "1234b77").enters();
    changes("vmm-5", 7, 1, "1234b77", "1234b75");
    try (Imports.Result result = told()) {
      assertThat(stateOf(result, 0) & PageState.STAGE2_READ_ONLY).isNotZero();
    }
    leaves(0x7000)
        .cpu(
            "fast_page_fault",
            "vcpu 0 gva 7001 error_code P|W|U sptep 0 old 0x1 new 3 spurious 0 fixed 1")
        .enters();
    try (Imports.Result result = told()) {
      assertThat(causes(result)).containsEntry(DecideReason.FAST_FIXED, 1L);
      assertThat(stateOf(result, 0)).isEqualTo(PageState.STAGE2 | PageState.DIRTY);
      assertThat(Statistics.of(result.timeline()).leaves().small()).isEqualTo(1);
    }
  }

  @Test
  void intelsMisconfigurationIsTheFaultOfADevice() throws Exception {
    cpu("kvm_exit", "vcpu 0 reason EPT_MISCONFIG rip 0x1 info1 0x0 info2 0x0")
        .cpu("handle_mmio_page_fault", "addr:0 gfn fee00 access 6")
        .cpu("kvm_emulate_insn", "0:1:88 07 (prot64)")
        .cpu("kvm_mmio", "mmio write len 4 gpa 0xfee00000 val 0x0")
        .cpu("kvm_userspace_exit", "reason KVM_EXIT_MMIO (6)")
        .enters();
    try (Imports.Result result = told()) {
      Statistics counted = Statistics.of(result.timeline());
      assertThat(counted.faults()).isEqualTo(1);
      assertThat(counted.mmioExits()).isEqualTo(1);
      assertThat(counted.faultsByCause()).containsExactly(Map.entry(DecideReason.EMULATED, 1L));
      assertThat(counted.latency().max()).isEqualTo(50_000);
    }
  }

  @Test
  void armsFaultsAreToldByTheirSyndrome() throws Exception {
    cpu("kvm_exit", "TRAP: HSR_EC: 0x0024 (DABT_LOW), PC: 0x1")
        .cpu("kvm_guest_fault", "ipa 0x80003000, hsr 0x92000047, hxfar 0x3000, pc 0x1")
        .cpu("kvm_entry", "PC: 0x1")
        .cpu("kvm_exit", "IRQ: HSR_EC: 0x0000 (UNKNOWN), PC: 0x1")
        .cpu("kvm_entry", "PC: 0x1");
    try (Imports.Result result = told()) {
      Statistics counted = Statistics.of(result.timeline());
      assertThat(counted.faults()).isEqualTo(1);
      assertThat(counted.latency().max()).isEqualTo(20_000);
      assertThat(result.timeline().regions().getFirst().gpaBase()).isEqualTo(0x80003000L);
      Event enqueue =
          result.events().stream()
              .filter(event -> event.kind() == EventKind.ENQUEUE)
              .findFirst()
              .orElseThrow();
      assertThat(enqueue.is(EventFlags.WRITE)).isTrue();
    }
  }

  @Test
  void twoThatWaitForOnePageLeaveItOneByOne() throws Exception {
    leaves(0x7000);
    line("vn-8", "kvm_exit", EXIT.formatted(0x7000).replace("vcpu 0", "vcpu 1"))
        .line("vn-8", "kvm_page_fault", FAULT.formatted(0x7000).replace("vcpu 0", "vcpu 1"));
    requests(7).changes("vm-7", 7, 1, "0", "1234b77").enters();
    try (Imports.Result result = told()) {
      assertThat(stateOf(result, 0) & PageState.IN_KERNEL).isNotZero();
    }
    line("vn-8", "kvm_entry", "vcpu 1, rip 0x1");
    try (Imports.Result result = told()) {
      assertThat(stateOf(result, 0) & PageState.IN_KERNEL).isZero();
    }
  }

  @Test
  void entriesTakenAwayLongAfterANotifierAreNotItsDoing() throws Exception {
    leaves(0x7000).requests(7).changes("vm-7", 7, 1, "0", "1234b77").enters();
    leaves(0x8000).requests(8).changes("vm-7", 8, 1, "0", "1235b77").enters();
    String range = "mmu notifier unmap range: 0x007f11aad47000 -- 0x007f11aad48000";
    line("vmm-5", "kvm_unmap_hva_range", range).changes("vmm-5", 7, 1, "1234b77", "0");
    changes("vmm-5", 8, 1, "1235b77", "1235b75");
    micros += 20_000;
    changes("vmm-5", 8, 1, "1235b75", "0");
    try (Imports.Result result = told()) {
      List<Event> holes =
          result.events().stream().filter(event -> event.kind() == EventKind.HOLE).toList();
      assertThat(holes).hasSize(2);
      assertThat(result.timeline().event(holes.getFirst().cause()).kind())
          .isEqualTo(EventKind.KERNEL);
      assertThat(holes.getLast().cause()).as("what took it is not told").isZero();
      Event protection = result.timeline().event(holes.getLast().sequence() - 1);
      assertThat(protection.kind()).isEqualTo(EventKind.INSTALL);
      assertThat(protection.cause()).as("a notifier protects nothing").isZero();
    }
  }

  @Test
  void leafLargerThanAWindowIsLearnedWholeWhileItIsWatched() throws Exception {
    changes("vmm-5", 0x40000, 3, "0", "40000bf7").changes("vmm-5", 0x40000, 3, "40000bf7", "0");
    Path file = directory.resolve("watched.fscope");
    try (RecordingFile recording = RecordingFile.create(file, new TimelineInfo("t", "watch", 0))) {
      TraceStream stream = new TraceStream(recording, 0);
      stream.add(trace.toString().getBytes(StandardCharsets.US_ASCII));
      stream.end();
      assertThat(Statistics.of(recording.timeline()).zappedPages()).isEqualTo(1 << 18);
    }
  }

  @Test
  void userfaultfdThatAnswersNobodyLeavesTheFaultsToKvm() throws Exception {
    trace.append("  h-3 [001] ..... 5.000001: sys_ioctl(fd: 7, cmd: c018aa3f, arg: 1)\n");
    trace.append("  h-3 [001] ..... 5.000002: sys_ioctl -> 0x0\n");
    leaves(0x7000).requests(7).changes("vm-7", 7, 1, "0", "1234b77").enters();
    try (Imports.Result result = told()) {
      Statistics counted = Statistics.of(result.timeline());
      assertThat(counted.ioctls()).isNotEmpty();
      assertThat(counted.origin()).isEqualTo(FaultOrigin.STAGE2);
      assertThat(counted.faults()).isEqualTo(1);
    }
  }

  @Test
  void besideAUserfaultfdItsFaultsAreCountedApart() throws Exception {
    leaves(0x7000)
        .line("h-3", "sys_ioctl(fd", "7, cmd: c028aa03, arg: 1)")
        .line("h-3", "sys_ioctl -> 0x0", "")
        .enters();
    leaves(0x9000000).enters();
    String text =
        trace
            .toString()
            .replace("sys_ioctl(fd: 7", "sys_ioctl(fd: 7")
            .replace("sys_ioctl -> 0x0: ", "sys_ioctl -> 0x0");
    try (Imports.Result result = Imports.text(text, directory, "0x7f0000000000+64K=ram@0x0")) {
      Statistics counted = Statistics.of(result.timeline());
      assertThat(counted.origin()).isEqualTo(FaultOrigin.UFFD);
      assertThat(counted.faultsByOrigin())
          .containsEntry(FaultOrigin.UFFD, 1L)
          .containsEntry(FaultOrigin.STAGE2, 1L);
    }
  }
}
