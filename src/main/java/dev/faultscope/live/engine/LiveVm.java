package dev.faultscope.live.engine;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.remote.RemoteVcpu;
import dev.faultscope.linux.remote.RemoteVm;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.KvmAction;
import dev.faultscope.scenario.KvmSpec;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Place;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A scenario's virtual machine on the real KVM. Its vCPUs meet pages through their slots. */
final class LiveVm implements AutoCloseable {
  private static final long GIB = 1L << 30;
  private static final int MOST_CPUID_ENTRIES = 256;
  private static final long NAP_NS = 100_000_000;

  /** How long a guest's access may sleep until it counts as blocked. */
  private static final long ANSWER_NS = 1_000_000_000;

  private final LiveEngine engine;
  private final KvmSpec spec;
  private final RemoteVm vm;
  private final GuestCode code;
  private final Mapping program;
  private final long programAddress;
  private final long end;
  private final Map<String, LiveVcpu> vcpus = new LinkedHashMap<>();

  /** A list of one page, the first. */
  private final long firstPage = GuestCode.LISTS;

  private long nextList = GuestCode.LISTS + PAGE_BYTES;

  /**
   * Makes it.
   *
   * @param listed how many numbers its vCPUs' lists have together
   * @throws IllegalStateException if the scenario wants what no released kernel has
   */
  LiveVm(LiveEngine engine, KvmSpec spec, long listed) throws IOException {
    if (spec.directMapRemoved()
        || spec.pageTables() != KvmSpec.NONE
        || spec.code() != KvmSpec.NONE) {
      throw new IllegalStateException(
          "direct-map-removed, page-tables and code of a virtual machine are only simulated");
    }
    this.engine = engine;
    this.spec = spec;
    vm = RemoteVm.create(engine.handlerThread());
    long above = 0;
    for (KvmSpec.Slot slot : spec.slots()) {
      above = Math.max(above, slot.gpa() + (long) slot.pages() * PAGE_BYTES);
    }
    long base = (above / GIB + 1) * GIB;
    end = base + GIB;
    long bytes =
        (GuestCode.LISTS + 4 * listed + 2L * PAGE_BYTES * GuestCode.MOST_VCPUS)
            / PAGE_BYTES
            * PAGE_BYTES;
    LiveMemory.Shared shared = engine.share(bytes);
    program = shared.ours();
    programAddress = shared.theirs();
    code = new GuestCode(program, base);
    code.map(base, bytes);
    code.map(end, PAGE_BYTES);
    vm.setSlot(0, base, bytes, programAddress);
    for (int i = 0; i < spec.slots().size(); i++) {
      add(i + 1, spec.slots().get(i));
    }
  }

  private void add(int number, KvmSpec.Slot slot) throws IOException {
    if (slot.userfault()) {
      throw new IllegalStateException(
          "slot " + slot.name() + " has KVM Userfault, which no released kernel has");
    }
    long bytes = (long) slot.pages() * PAGE_BYTES;
    long address = engine.address(slot.memory());
    if (slot.guestMemfd() == null) {
      vm.setSlot(number, slot.gpa(), bytes, address);
    } else {
      vm.setSlot(number, slot.gpa(), bytes, address, engine.file(slot.guestMemfd()));
    }
    code.map(slot.gpa(), bytes);
  }

  /** {@return the guest physical address of a memory's first page} */
  long guestAddress(String memory) {
    return spec.slots().stream()
        .filter(slot -> slot.memory().equals(memory))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(memory + " is in no slot"))
        .gpa();
  }

  /** Adds a vCPU. */
  LiveVcpu add(String name) throws LinuxException {
    int number = vcpus.size();
    if (number == GuestCode.MOST_VCPUS) {
      throw new IllegalStateException("more than " + GuestCode.MOST_VCPUS + " vCPUs");
    }
    long room = programAddress + GuestCode.ROOM;
    program.putInt(GuestCode.ROOM, MOST_CPUID_ENTRIES);
    RemoteVcpu vcpu = vm.createVcpu(number, engine.thread(name), room);
    LiveVcpu made = new LiveVcpu(number, vcpu);
    vcpus.put(name, made);
    return made;
  }

  /**
   * Has the guest read a byte.
   *
   * @throws IllegalStateException if it is another access than that
   */
  Observation touch(KvmAction.GuestTouch touch) throws LinuxException {
    LiveVcpu vcpu = vcpus.get(touch.vcpu());
    Place place = touch.at().memory();
    String memory = place == null ? null : place.memory();
    if (vcpu == null || touch.write() || touch.asPrivate() || place == null || memory == null) {
      throw new IllegalStateException(
          "on a real kernel a guest step reads a byte of a slot's memory, by a vCPU with a"
              + " workload");
    }
    long byteAt = guestAddress(memory) + place.offset();
    // The program reads 8 bytes: those up to the byte, where the page ends behind it.
    boolean atEnd = byteAt % PAGE_BYTES > PAGE_BYTES - Long.BYTES;
    vcpu.begin(atEnd ? byteAt - (Long.BYTES - 1) : byteAt, firstPage, 1);
    long deadline = System.nanoTime() + ANSWER_NS;
    while (!vcpu.awaitDone(NAP_NS)) {
      if (System.nanoTime() > deadline) {
        return Observation.of().word(Fact.STATE, "blocked").build();
      }
    }
    long word = vcpu.sum();
    return Observation.of()
        .word(Fact.STATE, "done")
        .number(Fact.VALUE, (atEnd ? word >>> 56 : word) & 0xff)
        .build();
  }

  @Override
  public void close() {
    program.close();
  }

  /** A vCPU with what it has to do. */
  final class LiveVcpu {
    private final int number;
    private final RemoteVcpu vcpu;

    LiveVcpu(int number, RemoteVcpu vcpu) {
      this.number = number;
      this.vcpu = vcpu;
    }

    /** Puts a list where the guest finds it. {@return its offset} */
    long list(int[] pages) {
      long list = nextList;
      if (list + 4L * pages.length > program.length()) {
        throw new IllegalStateException("no room for another list of pages");
      }
      for (int i = 0; i < pages.length; i++) {
        program.putInt(list + 4L * i, pages[i]);
      }
      nextList += (4L * pages.length + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
      return list;
    }

    /** Begins to meet the pages of a list. */
    void begin(long first, long list, int count) throws LinuxException {
      program.putLong(GuestCode.PROGRESS + 8L * number, 0);
      vcpu.enterLongMode(base() + GuestCode.TABLES);
      vcpu.setRegisters(code.registers(number, first, list, count, end));
      vcpu.beginRun();
    }

    private long base() {
      return end - GIB;
    }

    /** {@return how many pages it has met} */
    long met() {
      return program.getLong(GuestCode.PROGRESS + 8L * number);
    }

    /** Waits a while until it is done. {@return whether it is} */
    boolean awaitDone(long nanoseconds) throws LinuxException {
      if (!vcpu.thread().awaitDone(nanoseconds)) {
        return false;
      }
      if (vcpu.isInterrupted()) {
        vcpu.beginRun();
        return false;
      }
      return true;
    }

    /** {@return the sum of the first words of the pages it read, once done} */
    long sum() throws LinuxException {
      return vcpu.stored(end);
    }
  }
}
