package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.MINOR;
import static dev.faultscope.model.Region.MISSING;
import static dev.faultscope.model.Region.PAGE_BYTES;
import static dev.faultscope.model.Region.WP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.simulation.kernel.FillRequest;
import dev.faultscope.simulation.kernel.GmemProfile;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.KernelConfig;
import dev.faultscope.simulation.kernel.KernelInvariants;
import dev.faultscope.simulation.kernel.MemoryCalls.Advice;
import dev.faultscope.simulation.kernel.MemoryCalls.MapRequest;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Mm;
import dev.faultscope.simulation.kernel.SimClock;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.UffdMessage;
import dev.faultscope.simulation.kernel.Userfaultfd;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of what vCPUs, the VMM and a handler can do, with slots of every type; stage 2
 * never shows a page that is gone. {@code -Dfaultscope.sequences=10000} runs more of them.
 */
class KvmPropertyTest {
  private static final int SEQUENCES = Integer.getInteger("faultscope.sequences", 200);
  private static final int CALLS = 120;
  private static final int PAGES = 8;
  private static final long SLOT_BYTES = 0x10000;
  private static final int SLOTS = 5;

  @TempDir Path folder;

  @Test
  void stageTwoNeverOutlivesWhatItWasMadeOf() {
    Seeds.forEach(SEQUENCES, this::runOne);
  }

  private void runOne(long seed) throws IOException {
    TimelineInfo info = new TimelineInfo("random", "simulation", 0);
    try (RecordingFile recording = RecordingFile.create(folder.resolve("r.fscope"), info)) {
      new VirtualMachine(new Random(seed), recording).run();
    }
  }

  private static final class VirtualMachine {
    private final RandomGenerator random;
    private final Kernel kernel;
    private final Mm mm;
    private final Task handler;
    private final Task vmm;
    private final Userfaultfd uffd;
    private final Vm vm;
    private final List<Long> bases = new ArrayList<>();
    private final List<MemoryFile> files = new ArrayList<>();
    private final List<Vcpu> vcpus = new ArrayList<>();

    VirtualMachine(RandomGenerator random, RecordingFile recording) {
      this.random = random;
      GmemProfile[] profiles = GmemProfile.values();
      KernelConfig config =
          KernelConfig.mainline()
              .withGmem(profiles[random.nextInt(profiles.length)])
              .withDirectMapRemoved(random.nextInt(4) == 0);
      kernel = new Kernel(config, recording, new SimClock(), 1_000);
      mm = kernel.newProcess("vmm");
      handler = kernel.newTask("handler", ActorKind.HANDLER, -1, mm);
      vmm = kernel.newTask("vmm", ActorKind.THREAD, -1, mm);
      uffd = Objects.requireNonNull(kernel.uffd().open("u", mm, Userfaultfd.NONBLOCK).uffd());
      kernel.uffd().api(handler, uffd, 0xaa, 0);
      vm = new Vm(kernel, mm, KvmRules.WITH_OTHERS);
      plain(file(MemoryFile.Kind.MEMFD, true), true);
      plain(file(MemoryFile.Kind.GUEST_MEMFD, true), true);
      MemoryFile whole = file(MemoryFile.Kind.GUEST_MEMFD, random.nextBoolean());
      slot(MapRequest.shared("g", whole, PAGES), whole, true);
      MemoryFile secret = file(MemoryFile.Kind.GUEST_MEMFD, false);
      slot(MapRequest.anonymous("a", PAGES), secret, false);
      plain(files.getFirst(), false);
      if (random.nextBoolean()) {
        vm.guestLayout(SLOT_BYTES, SLOT_BYTES + 3 * PAGE_BYTES);
      }
      for (int i = 0; i < 3; i++) {
        vcpus.add(vm.newVcpu("v" + i));
      }
    }

    private MemoryFile file(MemoryFile.Kind kind, boolean initShared) {
      MemoryFile file =
          kernel.newFile(kind, "f" + files.size(), PAGES * PAGE_BYTES, true, initShared);
      files.add(file);
      return file;
    }

    private void plain(MemoryFile file, boolean shared) {
      slot(new MapRequest("p", file, 0, PAGES, shared, true, true, -1), null, false);
    }

    private void slot(
        MapRequest request, @org.jspecify.annotations.Nullable MemoryFile gmem, boolean gmemOnly) {
      long base = kernel.memory().map(mm, request);
      long gpa = bases.size() * SLOT_BYTES;
      bases.add(base);
      vm.addSlot(new Memslot.Request("s" + gpa, gpa, PAGES, base, gmem, gmemOnly));
    }

    void run() {
      for (int call = 0; call < CALLS; call++) {
        String what = one();
        kernel.settle();
        String when = "call " + call + " " + what;
        KernelInvariants.check(kernel, when);
        StageTwoInvariants.check(kernel.guestPages(), vm, when);
      }
      serveFairly();
    }

    private long address() {
      return bases.get(random.nextInt(SLOTS)) + random.nextInt(PAGES) * PAGE_BYTES;
    }

    private long gpa() {
      return random.nextInt(SLOTS) * SLOT_BYTES
          + random.nextInt(PAGES) * PAGE_BYTES
          + random.nextInt((int) PAGE_BYTES);
    }

    private long bytes() {
      return (1 + random.nextInt(3)) * PAGE_BYTES;
    }

    private Memslot slot() {
      return vm.slots().get(random.nextInt(SLOTS));
    }

    private String one() {
      Vcpu vcpu = vcpus.get(random.nextInt(vcpus.size()));
      return switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4, 5 -> guest(vcpu);
        case 6 -> own(vcpu);
        case 7 -> {
          if (vcpu.task().state() == Task.State.IDLE) {
            vcpu.run();
          }
          yield "run";
        }
        case 8 -> {
          vm.userfaultBits(vmm, slot(), random.nextInt(PAGES), 3, random.nextBoolean());
          yield "bits";
        }
        case 9 -> {
          vm.userfault(vmm, slot(), random.nextInt(3) == 0);
          yield "userfault";
        }
        case 10 -> {
          vm.attributes(vmm, gpa() & -PAGE_BYTES, bytes(), random.nextBoolean());
          yield "attributes";
        }
        case 11 -> {
          int[] modes = {MISSING, MINOR, MISSING | MINOR, WP, MISSING | WP, MINOR | WP};
          kernel
              .uffd()
              .register(handler, uffd, address(), bytes(), modes[random.nextInt(modes.length)]);
          yield "register";
        }
        case 12 -> {
          kernel.uffd().fill(handler, uffd, FillRequest.resume(address(), bytes(), 0));
          yield "continue";
        }
        case 13 -> {
          kernel.uffd().fill(handler, uffd, FillRequest.copyOf(7, address(), bytes(), 0));
          yield "copy";
        }
        case 14 -> {
          kernel.uffd().writeProtect(handler, uffd, address(), bytes(), random.nextInt(2));
          yield "writeprotect";
        }
        case 15 -> {
          if (vmm.state() == Task.State.IDLE) {
            Advice[] advice = {Advice.DONTNEED, Advice.REMOVE};
            kernel.memory().madvise(vmm, address(), bytes(), advice[random.nextInt(2)]);
          }
          yield "madvise";
        }
        case 16 -> {
          long offset = random.nextInt(PAGES) * PAGE_BYTES;
          MemoryFile file = files.get(random.nextInt(files.size()));
          kernel.memory().fallocate(handler, file, 3, offset, bytes());
          yield "punch hole";
        }
        case 17 -> {
          MemoryFile file = files.get(1 + random.nextInt(files.size() - 1));
          int page = random.nextInt(PAGES - 1);
          kernel.memory().convert(handler, file, page, 2, random.nextBoolean());
          yield "convert";
        }
        case 18 -> {
          if (vmm.state() == Task.State.IDLE) {
            kernel.access(vmm, address(), random.nextBoolean(), 3, AccessOrigin.VMM);
          }
          yield "touch";
        }
        default -> rare(vcpu);
      };
    }

    private String guest(Vcpu vcpu) {
      if (vcpu.task().state() == Task.State.IDLE) {
        vcpu.access(
            gpa(), random.nextBoolean(), random.nextInt(256), random.nextInt(4) == 0, Vm.NONE);
      }
      return "guest";
    }

    private String own(Vcpu vcpu) {
      if (vcpu.task().state() == Task.State.IDLE) {
        switch (random.nextInt(4)) {
          case 0 -> vcpu.translate();
          case 1 -> vcpu.preFault(gpa());
          case 2 -> vcpu.access(1L << 40, random.nextBoolean(), 0);
          default ->
              vcpu.kvmAccess(
                  KvmAccess.values()[random.nextInt(KvmAccess.values().length)], gpa(), 1);
        }
      }
      return "own";
    }

    private String rare(Vcpu vcpu) {
      return switch (random.nextInt(6)) {
        case 0 -> {
          kernel.signal(vcpu.task());
          yield "signal";
        }
        case 1 -> {
          kernel.stormPass();
          yield "storm";
        }
        case 2 -> {
          if (vmm.state() == Task.State.IDLE) {
            kernel.memory().munmap(vmm, address(), PAGE_BYTES);
          }
          yield "munmap";
        }
        case 3 -> {
          if (vmm.state() == Task.State.IDLE) {
            kernel.memory().fork(vmm, "child");
          }
          yield "fork";
        }
        case 4 -> {
          vm.bitmapReadable(slot(), random.nextBoolean());
          yield "bitmap";
        }
        default -> {
          kernel.uffd().read(handler, uffd, 512);
          yield "read";
        }
      };
    }

    /** A handler that closes its userfaultfd leaves nobody asleep. */
    private void serveFairly() {
      for (UffdMessage message : kernel.uffd().read(handler, uffd, 1 << 16).messages()) {
        kernel.uffd().fill(handler, uffd, FillRequest.resume(message.address(), PAGE_BYTES, 0));
      }
      kernel.settle();
      kernel.uffd().close(handler, uffd);
      kernel.settle();
      KernelInvariants.check(kernel, "closed");
      StageTwoInvariants.check(kernel.guestPages(), vm, "closed");
      assertThat(vcpus).noneMatch(vcpu -> vcpu.task().isAsleep());
    }
  }
}
