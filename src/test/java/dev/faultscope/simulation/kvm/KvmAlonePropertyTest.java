package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.KernelConfig;
import dev.faultscope.simulation.kernel.KernelInvariants;
import dev.faultscope.simulation.kernel.MemoryCalls.Advice;
import dev.faultscope.simulation.kernel.MemoryCalls.MapRequest;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Mm;
import dev.faultscope.simulation.kernel.SimClock;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of what vCPUs and the VMM can do where KVM answers alone: stage 2 never outlives
 * the host's pages, the guest reads what was written last, and each fault is over when it enters.
 */
class KvmAlonePropertyTest {
  private static final int SEQUENCES = Integer.getInteger("faultscope.sequences", 200);
  private static final int CALLS = 120;
  private static final int PAGES = 8;
  private static final long SLOT_BYTES = 0x10000;
  private static final int SLOTS = 3;

  @TempDir Path folder;

  @Test
  void stageTwoNeverOutlivesTheHostsPages() {
    Seeds.forEach(SEQUENCES, this::runOne);
  }

  private void runOne(long seed) throws IOException {
    TimelineInfo info = new TimelineInfo("random", "simulation", 0);
    try (RecordingFile recording = RecordingFile.create(folder.resolve("r.fscope"), info)) {
      VirtualMachine machine = new VirtualMachine(new Random(seed), recording);
      for (int call = 0; call < CALLS; call++) {
        String when = "call " + call + " " + machine.one();
        KernelInvariants.check(machine.kernel, when);
        StageTwoInvariants.check(machine.kernel.guestPages(), machine.vm, when);
      }
      machine.vcpus.forEach(vcpu -> vcpu.access(0, false, 0));
      Statistics counted = Statistics.of(recording.timeline());
      assertThat(counted.latency().count()).as("waits that are over").isEqualTo(counted.faults());
    }
  }

  private static final class VirtualMachine {
    private final RandomGenerator random;
    final Kernel kernel;
    private final Mm mm;
    private final Task vmm;
    final Vm vm;
    final List<Vcpu> vcpus = new ArrayList<>();
    private final List<Long> bases = new ArrayList<>();
    private final MemoryFile file;

    VirtualMachine(RandomGenerator random, RecordingFile recording) {
      this.random = random;
      kernel = new Kernel(KernelConfig.mainline(), recording, new SimClock(), 1_000);
      mm = kernel.newProcess("vmm");
      vmm = kernel.newTask("vmm", ActorKind.THREAD, -1, mm);
      vm = new Vm(kernel, mm, true);
      file = kernel.newFile(MemoryFile.Kind.MEMFD, "f", PAGES * PAGE_BYTES);
      slot(MapRequest.anonymous("a", PAGES));
      slot(MapRequest.shared("s", file, PAGES));
      slot(new MapRequest("p", file, 0, PAGES, false, true, true, -1));
      if (random.nextBoolean()) {
        vm.guestLayout(0, 3 * PAGE_BYTES);
      }
      for (int i = 0; i < 3; i++) {
        vcpus.add(vm.newVcpu("v" + i));
      }
    }

    private void slot(MapRequest request) {
      long base = kernel.memory().map(mm, request);
      long gpa = bases.size() * SLOT_BYTES;
      bases.add(base);
      vm.addSlot(new Memslot.Request("s" + gpa, gpa, PAGES, base, null, false));
    }

    private long address() {
      return bases.get(random.nextInt(SLOTS)) + random.nextInt(PAGES) * PAGE_BYTES;
    }

    private long bytes() {
      return (1 + random.nextInt(3)) * PAGE_BYTES;
    }

    private long gpa() {
      return random.nextInt(SLOTS) * SLOT_BYTES + random.nextInt(PAGES) * PAGE_BYTES;
    }

    String one() {
      Vcpu vcpu = vcpus.get(random.nextInt(vcpus.size()));
      return switch (random.nextInt(16)) {
        case 0, 1, 2, 3, 4, 5, 6 -> guest(vcpu);
        case 7 -> {
          vcpu.preFault(gpa());
          yield "prefault";
        }
        case 8 -> {
          vcpu.access(1L << 40, random.nextBoolean(), 0);
          yield "device";
        }
        case 9 -> {
          vcpu.run();
          yield "run";
        }
        case 10 -> {
          kernel.memory().madvise(vmm, address(), bytes(), Advice.DONTNEED);
          yield "dontneed";
        }
        case 11 -> {
          long offset = random.nextInt(PAGES) * PAGE_BYTES;
          kernel.memory().fallocate(vmm, file, 3, offset, bytes());
          yield "punch hole";
        }
        case 12 -> {
          kernel.memory().mprotect(vmm, address(), bytes(), random.nextInt(3) > 0);
          yield "mprotect";
        }
        case 13 -> {
          Mm child = kernel.memory().fork(vmm, "child");
          if (random.nextBoolean()) {
            kernel.memory().exit(child);
          }
          yield "fork";
        }
        case 14 -> {
          if (random.nextInt(20) == 0) {
            kernel.memory().munmap(vmm, address(), PAGE_BYTES);
          }
          yield "munmap";
        }
        default -> {
          kernel.access(vmm, address(), random.nextBoolean(), 3, AccessOrigin.VMM);
          yield "touch";
        }
      };
    }

    /** What a guest writes it reads back, and so does the host. */
    private String guest(Vcpu vcpu) {
      long gpa = gpa();
      boolean write = random.nextBoolean();
      int value = random.nextInt(256);
      vcpu.access(gpa, write, value);
      Memslot slot = vm.find(gpa);
      if (slot == null || vcpu.task().ending() != Task.Ending.DONE) {
        return "guest, in vain";
      }
      if (write) {
        vcpu.access(gpa, false, 0);
        assertThat(vcpu.task().result()).isEqualTo(value);
      }
      int seen = vcpu.task().result();
      kernel.access(vmm, slot.toHva(gpa), false, 0, AccessOrigin.VMM);
      assertThat(vmm.result()).isEqualTo(seen);
      return "guest";
    }
  }
}
