package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Errno;
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
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of what vCPUs and the VMM can do where KVM answers alone: stage 2 never outlives
 * the host's pages, the guest reads what was written last, a dirty log misses no write, and each
 * fault is over when the guest is entered.
 */
class KvmAlonePropertyTest {
  private static final int SEQUENCES = Integer.getInteger("faultscope.sequences", 200);
  private static final int CALLS = 120;
  private static final int PAGES = 8;
  private static final int HUGE = 2 * MemoryFile.HUGE_PAGES;
  private static final long DEVICE = 1L << 40;

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
      machine.vcpus.forEach(Vcpu::run);
      Statistics counted = Statistics.of(recording.timeline());
      assertThat(counted.latency().count()).as("waits that are over").isEqualTo(counted.faults());
    }
  }

  private static final class VirtualMachine {
    private final RandomGenerator random;
    final Kernel kernel;
    private final Mm mm;
    private final Task vmm;
    private final KvmRules rules;
    final Vm vm;
    final List<Vcpu> vcpus = new ArrayList<>();
    private final List<Memslot> slots = new ArrayList<>();

    /** Pages that the guest wrote and that no dirty log was relieved of. */
    private final Map<Memslot, BitSet> written = new HashMap<>();

    private final MemoryFile file;

    VirtualMachine(RandomGenerator random, RecordingFile recording) {
      this.random = random;
      kernel = new Kernel(KernelConfig.mainline(), recording, new SimClock(), 1_000);
      mm = kernel.newProcess("vmm");
      vmm = kernel.newTask("vmm", ActorKind.THREAD, -1, mm);
      boolean byHand = random.nextBoolean();
      rules = new KvmRules(true, random.nextBoolean(), byHand, byHand && random.nextBoolean());
      vm = new Vm(kernel, mm, rules);
      vm.addDevice("device", DEVICE, 2);
      file = kernel.newFile(MemoryFile.Kind.MEMFD, "f", PAGES * PAGE_BYTES);
      slot(MapRequest.anonymous("a", PAGES), 0);
      slot(MapRequest.shared("s", file, PAGES), 0x10000);
      slot(new MapRequest("p", file, 0, PAGES, false, true, true, -1), 0x20000);
      Memslot huge = slot(MapRequest.anonymous("h", HUGE), 0x400000);
      long bytes = HUGE * PAGE_BYTES;
      kernel.memory().madvise(vmm, huge.hva(), bytes, Advice.HUGEPAGE);
      if (random.nextBoolean()) {
        vm.guestLayout(0, 3 * PAGE_BYTES);
      }
      for (int i = 0; i < 3; i++) {
        vcpus.add(vm.newVcpu("v" + i));
      }
    }

    private Memslot slot(MapRequest request, long gpa) {
      long base = kernel.memory().map(mm, request);
      Memslot slot =
          vm.addSlot(new Memslot.Request(request.name(), gpa, request.pages(), base, null, false));
      slots.add(slot);
      written.put(slot, new BitSet());
      return slot;
    }

    private BitSet written(Memslot slot) {
      return Objects.requireNonNull(written.get(slot));
    }

    private Memslot anySlot() {
      return slots.get(random.nextInt(slots.size()));
    }

    private int page(Memslot slot) {
      return random.nextInt(slot.pages());
    }

    private long address() {
      Memslot slot = anySlot();
      return slot.hvaOf(page(slot));
    }

    private long bytes() {
      return (1 + random.nextInt(3)) * PAGE_BYTES;
    }

    private long gpa() {
      Memslot slot = anySlot();
      return slot.gpaOf(page(slot));
    }

    String one() {
      Vcpu vcpu = vcpus.get(random.nextInt(vcpus.size()));
      return switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4, 5, 6 -> guest(vcpu);
        case 7 -> {
          vcpu.preFault(gpa());
          yield "prefault";
        }
        case 8 -> {
          vcpu.access(DEVICE + random.nextInt(3) * PAGE_BYTES, random.nextBoolean(), 0);
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
        case 15 -> {
          Memslot slot = anySlot();
          if (vm.exists(vmm, slot, random.nextInt(3) > 0) == Errno.OK) {
            written(slot).clear();
          }
          yield "slot";
        }
        case 16 -> {
          Memslot slot = anySlot();
          vm.logDirty(vmm, slot, random.nextInt(3) > 0);
          if (!slot.log.isOn()) {
            written(slot).clear();
          }
          yield "log";
        }
        case 17 -> read(anySlot());
        case 18 -> clear(anySlot());
        default -> {
          kernel.access(vmm, address(), random.nextBoolean(), 3, AccessOrigin.VMM);
          yield "touch";
        }
      };
    }

    /** No write of the guest is lost: a log reports it until it is relieved of it. */
    private String read(Memslot slot) {
      BitSet reported = vm.dirtyLog(vmm, slot);
      if (reported != null) {
        BitSet missing = (BitSet) written(slot).clone();
        missing.andNot(reported);
        assertThat(missing.isEmpty()).as("written and not reported: " + missing).isTrue();
        if (!rules.clearsByHand()) {
          written(slot).clear();
        }
      }
      return "read the dirty log";
    }

    private String clear(Memslot slot) {
      int page = page(slot);
      if (vm.clearDirtyLog(vmm, slot, page, 3) == Errno.OK) {
        written(slot).clear(page, page + 3);
      }
      return "clear the dirty log";
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
        written(slot).set(slot.pageOf(gpa), slot.log.isOn());
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
