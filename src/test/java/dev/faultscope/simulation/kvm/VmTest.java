package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Errno;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.Region;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.KernelConfig;
import dev.faultscope.simulation.kernel.KernelInvariants;
import dev.faultscope.simulation.kernel.MemoryCalls;
import dev.faultscope.simulation.kernel.MemoryCalls.MapRequest;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Mm;
import dev.faultscope.simulation.kernel.SimClock;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.Userfaultfd;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmTest {
  private static final int HUGE = MemoryFile.HUGE_PAGES;

  @TempDir Path folder;

  private RecordingFile recording;
  private Kernel kernel;
  private Mm mm;
  private Task vmm;
  private Vm vm;

  @BeforeEach
  void makeAMachine() throws IOException {
    TimelineInfo info = new TimelineInfo("vm", "simulation", 0);
    recording = RecordingFile.create(folder.resolve("r.fscope"), info);
    kernel = new Kernel(KernelConfig.mainline(), recording, new SimClock(), 1_000);
    mm = kernel.newProcess("vmm");
    vmm = kernel.newTask("vmm", ActorKind.THREAD, -1, mm);
    vm = new Vm(kernel, mm, KvmRules.WITH_OTHERS);
  }

  @AfterEach
  void close() {
    recording.close();
  }

  private Memslot slot(MemoryFile file, long gpa, int pages) {
    long address = kernel.memory().map(mm, MapRequest.shared(file.name(), file, pages));
    return vm.addSlot(new Memslot.Request(file.name(), gpa, pages, address, null, false));
  }

  private MemoryFile file(MemoryFile.Kind kind, String name, int pages) {
    return kernel.newFile(kind, name, (long) pages * PAGE_BYTES);
  }

  @Test
  void slotsDoNotOverlap() {
    slot(file(MemoryFile.Kind.MEMFD, "a", 4), 0x1000, 4);

    assertThatThrownBy(() -> slot(file(MemoryFile.Kind.MEMFD, "b", 4), 0x4000, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("slot b overlaps slot a");
    assertThat(slot(file(MemoryFile.Kind.MEMFD, "c", 4), 0x5000, 4).pages()).isEqualTo(4);
  }

  @Test
  void hugePageIsMappedWholeUnlessTheBitmapWantsToKnowOfEachPage() {
    Memslot slot = slot(file(MemoryFile.Kind.HUGETLB, "h", 2 * HUGE), 0, 2 * HUGE);
    Vcpu vcpu = vm.newVcpu("v");

    vcpu.access(5 * PAGE_BYTES, true, 1);
    assertThat(vm.stage2Pages()).isEqualTo(HUGE);

    vm.userfault(vmm, slot, true);
    assertThat(vm.stage2Pages()).isZero();
    vcpu.access(5 * PAGE_BYTES, false, 0);
    assertThat(vm.stage2Pages()).isEqualTo(1);
    assertThat(vcpu.task().result()).isEqualTo(1);
    KernelInvariants.check(kernel, "at the end");
  }

  @Test
  void wokenVcpuRunsWhenTheSchedulerSaysSo() {
    MemoryFile file = file(MemoryFile.Kind.MEMFD, "a", 4);
    kernel.memory().write(vmm, file, 1, 0, (int) PAGE_BYTES, 7);
    Memslot slot = slot(file, 0, 4);
    Userfaultfd uffd =
        Objects.requireNonNull(kernel.uffd().open("u", mm, Userfaultfd.NONBLOCK).uffd());
    kernel.uffd().api(vmm, uffd, 0xaa, 0);
    kernel.uffd().register(vmm, uffd, slot.hva(), 4 * PAGE_BYTES, Region.MINOR);
    List<Task> woken = new ArrayList<>();
    kernel.listener(
        new Kernel.WakeListener() {
          @Override
          public void woken(Task task) {
            woken.add(task);
          }

          @Override
          public void readable(Userfaultfd readable) {}
        });
    Vcpu vcpu = vm.newVcpu("v");

    vcpu.access(PAGE_BYTES, false, 0);
    assertThat(vcpu.task().isAsleep()).isTrue();
    kernel.uffd().wake(vmm, uffd, slot.hva() + PAGE_BYTES, PAGE_BYTES);
    assertThat(woken).containsExactly(vcpu.task());
    assertThat(vcpu.task().state()).isEqualTo(Task.State.READY);

    // Nobody put the page there: it faults again, from scratch.
    kernel.resume(vcpu.task());
    assertThat(vcpu.task().isAsleep()).isTrue();
    assertThat(uffd.pendingCount()).isEqualTo(1);

    kernel.uffd().close(vmm, uffd);
    kernel.resume(vcpu.task());
    assertThat(vcpu.task().ending()).isEqualTo(Task.Ending.DONE);
    assertThat(vcpu.task().result()).isEqualTo(7);
  }

  @Test
  void exitIsKeptUntilTheGuestIsEnteredAgain() {
    Memslot slot = slot(file(MemoryFile.Kind.MEMFD, "a", 4), 0x10000, 4);
    vm.userfaultBits(vmm, slot, 2, 1, true);
    vm.userfault(vmm, slot, true);
    Vcpu vcpu = vm.newVcpu("v");

    vcpu.access(0x12345, false, 0);
    assertThat(vcpu.task().ending()).isEqualTo(Task.Ending.EXITED_TO_VMM);
    assertThat(vcpu.exit())
        .isEqualTo(new VcpuExit(ExitReason.MEMORY_FAULT, Errno.EFAULT, 0x12000, true, false));
    assertThat(vm.userfaultExits()).isEqualTo(1);

    vm.userfaultBits(vmm, slot, 2, 1, false);
    vcpu.run();
    assertThat(vcpu.exit()).isNull();
    assertThat(vcpu.task().ending()).isEqualTo(Task.Ending.DONE);
  }

  @Test
  void freedPageLeavesStageTwo() {
    MemoryFile gmem = file(MemoryFile.Kind.GUEST_MEMFD, "g", 4);
    long address = kernel.memory().map(mm, MapRequest.shared("g", gmem, 4));
    vm.addSlot(new Memslot.Request("g", 0, 4, address, gmem, true));
    Vcpu vcpu = vm.newVcpu("v");
    vcpu.access(PAGE_BYTES, true, 9);
    assertThat(vm.stage2Pages()).isEqualTo(1);

    int punch = MemoryCalls.FALLOC_PUNCH_HOLE | MemoryCalls.FALLOC_KEEP_SIZE;
    kernel.memory().fallocate(vmm, gmem, punch, PAGE_BYTES, PAGE_BYTES);
    assertThat(vm.stage2Pages()).isZero();
    vcpu.access(PAGE_BYTES, false, 0);
    assertThat(vcpu.task().result()).isZero();
    KernelInvariants.check(kernel, "at the end");
  }
}
