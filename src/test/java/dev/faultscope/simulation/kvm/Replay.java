package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.HoleKind;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.KernelConfig;
import dev.faultscope.simulation.kernel.KernelInvariants;
import dev.faultscope.simulation.kernel.MemoryCalls;
import dev.faultscope.simulation.kernel.MemoryCalls.MapRequest;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Mm;
import dev.faultscope.simulation.kernel.SimClock;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.timeline.RecordingFile;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Plays what a recorded program did, step by step and access by access, on the simulator, and holds
 * the faults of each access and the pages that each step took away against what was counted.
 */
final class Replay {
  /** Where the program keeps page tables, code, and for each vCPU a table of what it is to do. */
  private static final String LOW = "low";

  private static final int LOW_PAGES = 64;
  private static final long CODE = 0x8000;
  private static final long OPERATIONS = 0x10000;
  private static final long OPERATIONS_BYTES = 0x4000;
  private static final int PUNCH_HOLE =
      MemoryCalls.FALLOC_PUNCH_HOLE | MemoryCalls.FALLOC_KEEP_SIZE;

  /** An access as it was recorded. */
  record Touch(int vcpu, String region, long gpa, boolean write, int faults) {
    static Touch parse(String line) {
      String[] of = line.split(",", -1);
      return new Touch(
          Integer.parseInt(of[1]),
          of[2],
          Long.decode(of[3]),
          of[4].equals("w"),
          Integer.parseInt(of[5]));
    }

    boolean isDevice() {
      return region.equals("hole");
    }
  }

  /** What a slot shows. */
  private record Memory(Memslot slot, @Nullable MemoryFile file) {
    long hva(int page) {
      return slot.hva() + page * PAGE_BYTES;
    }
  }

  private final JsonNode truth;
  private final List<Touch> touches;
  private final RecordingFile recording;
  private final Kernel kernel;
  private final Mm mm;
  private final Task vmm;
  private final Vm vm;
  private final Map<String, Memory> memories = new HashMap<>();
  private final List<Vcpu> vcpus = new ArrayList<>();
  private int next;

  Replay(JsonNode truth, List<Touch> touches, RecordingFile recording) {
    this.truth = truth;
    this.touches = touches;
    this.recording = recording;
    kernel = new Kernel(KernelConfig.mainline(), recording, new SimClock(), 1_000);
    mm = kernel.newProcess("vmm");
    vmm = kernel.newTask("vmm", ActorKind.THREAD, -1, mm);
    vm = new Vm(kernel, mm, KvmRules.ALONE);
    add(LOW, 0, LOW_PAGES, "anon", List.of());
    for (JsonNode argument : truth.path("trace").path("program_args")) {
      String[] of = argument.asString().split(":");
      if (of[0].equals("r")) {
        add(of[1], Long.decode(of[2]), Integer.parseInt(of[3]), of[4], List.of(of));
      }
    }
    for (int i = 0; i < truth.path("vcpus").size(); i++) {
      vcpus.add(vm.newVcpu("vcpu" + i));
    }
    long[] holes =
        touches.stream()
            .filter(Touch::isDevice)
            .mapToLong(Touch::gpa)
            .sorted()
            .distinct()
            .toArray();
    if (holes.length > 0) {
      int pages = (int) ((holes[holes.length - 1] - holes[0]) / PAGE_BYTES) + 1;
      vm.addDevice("hole", holes[0], pages);
    }
    for (int page = 2; page < 5; page++) {
      write(memory(LOW).hva(page));
    }
    write(memory(LOW).slot().toHva(CODE));
  }

  private void add(String name, long gpa, int pages, String backing, List<String> how) {
    MemoryFile file =
        switch (backing) {
          case "memfd" -> kernel.newFile(MemoryFile.Kind.MEMFD, name, pages * PAGE_BYTES);
          case "hugetlb" -> kernel.newFile(MemoryFile.Kind.HUGETLB, name, pages * PAGE_BYTES);
          case "anon", "thp" -> null;
          default -> throw new IllegalArgumentException(backing);
        };
    boolean shared = backing.equals("memfd");
    // A slot may begin some pages behind a huge page's start: then the mapping is longer.
    int skipped = how.contains("off=0x3000") ? 3 : 0;
    int mapped = skipped == 0 ? pages : pages + MemoryFile.HUGE_PAGES;
    long hva =
        kernel
            .memory()
            .map(
                mm,
                new MapRequest(
                    name, file, 0, mapped, shared, true, true, gpa - skipped * PAGE_BYTES));
    if (backing.equals("thp")) {
      kernel.memory().madvise(vmm, hva, mapped * PAGE_BYTES, MemoryCalls.Advice.HUGEPAGE);
    }
    Memslot.Request asked =
        new Memslot.Request(
            name, gpa, pages, hva + skipped * PAGE_BYTES, null, false, how.contains("ro"));
    Memslot slot = how.contains("abs") ? vm.addLater(asked) : vm.addSlot(asked);
    memories.put(name, new Memory(slot, file));
  }

  private Memory memory(String name) {
    Memory memory = memories.get(name);
    assertThat(memory).as(name).isNotNull();
    return memory;
  }

  /** Plays every step. */
  void run() {
    for (JsonNode step : truth.path("steps")) {
      String what = step.path("step").asString();
      long before = recording.lastSequence();
      play(step, what, what.split(":"));
      KernelInvariants.check(kernel, what);
      StageTwoInvariants.check(kernel.guestPages(), vm, what);
      if (step.has("zapped")) {
        assertThat(zappedSince(before))
            .as("pages taken by " + what)
            .isEqualTo(step.path("zapped").asLong());
      }
    }
    assertThat(next).as("accesses played").isEqualTo(touches.size());
  }

  private void play(JsonNode step, String what, String[] of) {
    switch (of[0]) {
      case "mmio" -> touch(what, Integer.parseInt(of[1]), "hole", Integer.parseInt(of[4]));
      case "add" -> ok(vm.exists(vmm, memory(of[1]).slot(), true));
      case "del" -> ok(vm.exists(vmm, memory(of[1]).slot(), false));
      case "pre" -> {
        Memslot slot = memory(of[2]).slot();
        Vcpu vcpu = vcpus.get(Integer.parseInt(of[1]));
        int from = Integer.parseInt(of[3]);
        for (int page = from; page < from + Integer.parseInt(of[4]); page++) {
          vcpu.preFault(slot.gpaOf(page));
          assertThat(slot.isInStage2(page)).as(what).isTrue();
        }
      }
      case "log" -> vm.logDirty(vmm, memory(of[1]).slot(), of[2].equals("on"));
      case "get" -> {
        BitSet pages = Objects.requireNonNull(vm.dirtyLog(vmm, memory(of[1]).slot()));
        assertThat(pages.cardinality()).as(what).isEqualTo(step.path("dirty_pages").asInt());
      }
      case "t" -> touch(what, Integer.parseInt(of[1]), of[2], Integer.parseInt(of[4]));
      case "h" -> {
        for (int page = first(of); page < first(of) + count(of); page++) {
          access(memory(of[1]).hva(page), of[4].equals("w"));
        }
      }
      case "dn" -> madvise(memory(of[1]).hva(first(of)), count(of));
      case "punch" ->
          ok(
              kernel
                  .memory()
                  .fallocate(
                      vmm,
                      Objects.requireNonNull(memory(of[1]).file()),
                      PUNCH_HOLE,
                      first(of) * PAGE_BYTES,
                      count(of) * PAGE_BYTES));
      case "prot" -> {
        long at = memory(of[1]).hva(first(of));
        for (boolean writable : new boolean[] {false, true}) {
          kernel.memory().mprotect(vmm, at, count(of) * PAGE_BYTES, writable);
          assertThat(vmm.ending()).isEqualTo(Task.Ending.DONE);
        }
      }
      case "fork" -> kernel.memory().exit(kernel.memory().fork(vmm, "child"));
      default -> throw new IllegalArgumentException(what);
    }
  }

  private static int first(String[] of) {
    return Integer.parseInt(of[2]);
  }

  private static int count(String[] of) {
    return Integer.parseInt(of[3]);
  }

  private static void ok(Errno errno) {
    assertThat(errno).isEqualTo(Errno.OK);
  }

  private void madvise(long at, int pages) {
    kernel.memory().madvise(vmm, at, pages * PAGE_BYTES, MemoryCalls.Advice.DONTNEED);
    assertThat(vmm.ending()).isEqualTo(Task.Ending.DONE);
  }

  private void write(long hva) {
    access(hva, true);
  }

  private void access(long hva, boolean write) {
    kernel.access(vmm, hva, write, 7, AccessOrigin.VMM);
    assertThat(vmm.ending()).isEqualTo(Task.Ending.DONE);
  }

  /** The VMM writes down what a vCPU is to do, and the vCPU does it. */
  private void touch(String what, int vcpu, String region, int count) {
    write(memory(LOW).slot().toHva(OPERATIONS + vcpu * OPERATIONS_BYTES));
    int left = count;
    while (left > 0) {
      Touch touch = touches.get(next++);
      assertThat(touch.vcpu()).as(what).isEqualTo(vcpu);
      long before = recording.lastSequence();
      vcpus.get(vcpu).access(touch.gpa(), touch.write(), 9);
      vcpus.get(vcpu).run();
      assertThat(faultsSince(before))
          .as("%s: access %d, of 0x%x", what, next - 1, touch.gpa())
          .isEqualTo(touch.faults());
      left -= touch.region().equals(region) ? 1 : 0;
    }
  }

  private int faultsSince(long before) {
    int faults = 0;
    for (long at = before + 1; at <= recording.lastSequence(); at++) {
      faults += recording.timeline().event(at).kind() == EventKind.ENQUEUE ? 1 : 0;
    }
    return faults;
  }

  private long zappedSince(long before) {
    long pages = 0;
    for (long at = before + 1; at <= recording.lastSequence(); at++) {
      Event event = recording.timeline().event(at);
      if (event.kind() == EventKind.HOLE && event.detail() == HoleKind.STAGE2_ZAP.code()) {
        pages += event.pageCount();
      }
    }
    return pages;
  }
}
