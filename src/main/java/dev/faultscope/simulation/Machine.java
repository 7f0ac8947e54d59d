package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.scenario.KernelSpec;
import dev.faultscope.scenario.KvmAction;
import dev.faultscope.scenario.KvmSpec;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.UffdSpec;
import dev.faultscope.scenario.VcpuSpec;
import dev.faultscope.simulation.kernel.GmemProfile;
import dev.faultscope.simulation.kernel.Interruption;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.KernelConfig;
import dev.faultscope.simulation.kernel.MemoryCalls.MapRequest;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Mm;
import dev.faultscope.simulation.kernel.SimClock;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.Userfaultfd;
import dev.faultscope.simulation.kvm.KvmRules;
import dev.faultscope.simulation.kvm.Memslot;
import dev.faultscope.simulation.kvm.Vcpu;
import dev.faultscope.simulation.kvm.Vm;
import dev.faultscope.timeline.Recorder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario's sections describe, made in a simulated kernel: one process with its memory,
 * userfaultfds and threads, each by the name that the scenario gives it.
 */
public final class Machine {
  private final Kernel kernel;
  private final Mm mm;
  private final Task handler;
  private final Map<String, Long> addresses = new HashMap<>();
  private final Map<String, MemoryFile> files = new HashMap<>();
  private final Map<String, Userfaultfd> uffds = new HashMap<>();
  private final Map<String, Task> tasks = new HashMap<>();
  private final Map<String, Vcpu> vcpus = new LinkedHashMap<>();
  private final Map<String, Memslot> slots = new HashMap<>();
  private @Nullable Vm vm;
  private Task vmm;

  /**
   * @param tickNs how far each event moves the clock; 0 where somebody else does
   * @param interruption by which it can be broken off
   */
  public Machine(
      Scenario scenario,
      Recorder recorder,
      SimClock clock,
      long tickNs,
      Interruption interruption) {
    kernel = new Kernel(config(scenario), recorder, clock, tickNs, interruption);
    mm = kernel.newProcess("main");
    handler = kernel.newTask("handler", ActorKind.HANDLER, -1, mm);
    vmm = newVmm();
    for (String thread : scenario.threads()) {
      tasks.put(thread, kernel.newTask(thread, ActorKind.THREAD, -1, mm));
    }
    scenario.memory().forEach(spec -> map(spec, gpa(scenario, spec)));
    scenario.uffds().forEach(this::open);
    KvmSpec kvm = scenario.kvm();
    if (kvm != null) {
      makeVm(scenario, kvm);
    }
  }

  private static KernelConfig config(Scenario scenario) {
    KernelSpec spec = scenario.kernel();
    KvmSpec kvm = scenario.kvm();
    return KernelConfig.mainline()
        .withDirectMapRemoved(kvm != null && kvm.directMapRemoved())
        .withGmem(GmemProfile.valueOf(spec.guestMemfd().name()))
        .withGenericContinue(spec.genericContinue())
        .withFaultAroundPages(spec.faultAroundPages());
  }

  /** {@return where the guest sees a mapping, or where the scenario says that it does} */
  private static long gpa(Scenario scenario, MemorySpec memory) {
    KvmSpec kvm = scenario.kvm();
    List<KvmSpec.Slot> all = kvm == null ? List.of() : kvm.slots();
    return all.stream()
        .filter(slot -> slot.memory().equals(memory.name()))
        .mapToLong(KvmSpec.Slot::gpa)
        .findFirst()
        .orElse(memory.gpa());
  }

  private void makeVm(Scenario scenario, KvmSpec spec) {
    Vm made = new Vm(kernel, mm, rules(scenario, spec));
    vm = made;
    for (KvmSpec.Slot each : spec.slots()) {
      String gmem = each.guestMemfd();
      Memslot.Request request =
          new Memslot.Request(
              each.name(),
              each.gpa(),
              each.pages(),
              address(new Place(each.memory(), 0)),
              gmem == null ? null : file(gmem),
              each.isGmemOnly(),
              each.readOnly());
      Memslot slot = each.absent() ? made.addLater(request) : made.addSlot(request);
      slots.put(each.name(), slot);
      if (each.userfault()) {
        made.userfaultBits(vmm, slot, 0, slot.pages(), true);
        made.userfault(vmm, slot, true);
      }
    }
    spec.devices().forEach(device -> made.addDevice(device.name(), device.gpa(), device.pages()));
    made.guestLayout(spec.pageTables(), spec.code());
    for (VcpuSpec each : scenario.vcpus()) {
      Vcpu vcpu = made.newVcpu(each.name());
      vcpus.put(each.name(), vcpu);
      tasks.put(each.name(), vcpu.task());
    }
  }

  private static KvmRules rules(Scenario scenario, KvmSpec spec) {
    boolean alone = scenario.isKvmAlone();
    if (!alone && spec.needsKvmAlone()) {
      throw new IllegalArgumentException(
          "slots that are read-only or absent, devices, slot-zap-all and dirty-logs are simulated"
              + " only where KVM answers alone: without userfaultfd, KVM Userfault and"
              + " guest_memfd");
    }
    return new KvmRules(
        alone,
        spec.zapsAllSlots(),
        spec.dirtyLogs() != KvmSpec.DirtyLogs.BY_READING,
        spec.dirtyLogs() == KvmSpec.DirtyLogs.INITIALLY_SET);
  }

  private void map(MemorySpec spec, long gpa) {
    @Nullable MemoryFile file = null;
    if (spec.of() != null) {
      file = file(spec.of());
    } else if (spec.backing() != Backing.ANON) {
      long bytes = (long) spec.filePages() * PAGE_BYTES;
      file = kernel.newFile(kind(spec.backing()), spec.name(), bytes, true, spec.gmemShared());
    }
    MapRequest request =
        new MapRequest(
            spec.name(),
            file,
            spec.filePage(),
            spec.pages(),
            file != null && !spec.privately(),
            !spec.readOnlyFile(),
            !spec.readOnlyFile() || spec.privately(),
            gpa);
    place(spec.name(), kernel.memory().map(mm, request), file);
    if (file != null && spec.of() == null && spec.fill() != MemorySpec.ABSENT) {
      for (long page = 0; page < spec.filePages(); page++) {
        kernel.memory().populate(handler, file, page, spec.fillOf(page));
      }
    }
  }

  private static MemoryFile.Kind kind(Backing backing) {
    return switch (backing) {
      case MEMFD, MEMFD_PRIVATE -> MemoryFile.Kind.MEMFD;
      case HUGETLB -> MemoryFile.Kind.HUGETLB;
      case GUEST_MEMFD -> MemoryFile.Kind.GUEST_MEMFD;
      case FILE -> MemoryFile.Kind.REGULAR;
      case ANON, UNKNOWN -> throw new IllegalArgumentException(backing + " has no file");
    };
  }

  private void open(UffdSpec spec) {
    Userfaultfd uffd =
        Objects.requireNonNull(
            kernel.uffd().open(spec.name(), mm, (int) spec.flags()).uffd(), "flags are valid");
    uffds.put(spec.name(), uffd);
    if (spec.handshake()) {
      kernel.uffd().api(handler, uffd, 0xaa, spec.features());
    }
  }

  private Task newVmm() {
    return kernel.newTask("vmm", ActorKind.THREAD, -1, mm);
  }

  public Kernel kernel() {
    return kernel;
  }

  /** {@return the address space of the process that owns the memory} */
  public Mm mm() {
    return mm;
  }

  /** {@return the thread that makes a script's calls} */
  public Task handler() {
    return handler;
  }

  /** {@return the VMM's own thread, which stores into memory} */
  public Task vmm() {
    return vmm;
  }

  /** Puts another thread in the place of the VMM's, which sleeps for good. */
  void replaceVmm() {
    kernel.kill(vmm);
    vmm = newVmm();
  }

  /**
   * {@return the virtual machine}
   *
   * @throws IllegalStateException if the scenario has none
   */
  public Vm vm() {
    if (vm == null) {
      throw new IllegalStateException("the scenario has no section \"kvm\"");
    }
    return vm;
  }

  public boolean hasVm() {
    return vm != null;
  }

  /** {@return the virtual processor of a name} */
  public Vcpu vcpu(String name) {
    return Objects.requireNonNull(vcpus.get(name), name);
  }

  boolean isVcpu(String name) {
    return vcpus.containsKey(name);
  }

  /** {@return the memory slot of a name} */
  public Memslot slot(String name) {
    return Objects.requireNonNull(slots.get(name), name);
  }

  /**
   * {@return the memory slot that shows a mapping to the guest}
   *
   * @throws IllegalArgumentException if none does
   */
  Memslot slotOf(String memory) {
    long address = address(new Place(memory, 0));
    return vm().slots().stream()
        .filter(slot -> slot.hva() == address)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no slot shows " + memory + " to the guest"));
  }

  /** {@return a guest physical address} */
  public long gpa(KvmAction.GuestPlace at) {
    Place memory = at.memory();
    if (memory == null) {
      return at.address();
    }
    return vm().gpaOf(mm, address(new Place(memory.memory(), 0))) + memory.offset();
  }

  /** {@return the thread of a name, of a virtual processor too} */
  public Task task(String name) {
    Task task = tasks.get(name);
    if (task == null) {
      throw new IllegalArgumentException("no thread is called " + name);
    }
    return task;
  }

  void add(String name, Task task) {
    tasks.put(name, task);
  }

  /**
   * {@return the userfaultfd of a name}
   *
   * @throws IllegalStateException if it is not open
   */
  public Userfaultfd uffd(String name) {
    Userfaultfd uffd = uffds.get(name);
    if (uffd == null) {
      throw new IllegalStateException("userfaultfd " + name + " was not opened");
    }
    return uffd;
  }

  void add(String name, Userfaultfd uffd) {
    uffds.put(name, uffd);
  }

  /**
   * {@return the file that a mapping shows}
   *
   * @throws IllegalStateException if it is anonymous memory
   */
  public MemoryFile file(String memory) {
    MemoryFile file = files.get(memory);
    if (file == null) {
      throw new IllegalStateException(memory + " is anonymous memory, it has no file");
    }
    return file;
  }

  @Nullable MemoryFile fileOrNull(String memory) {
    return files.get(memory);
  }

  /** Notes where a mapping is. */
  void place(String memory, long address, @Nullable MemoryFile file) {
    addresses.put(memory, address);
    if (file != null) {
      files.put(memory, file);
    }
  }

  /** {@return the absolute address of a place} */
  public long address(Place place) {
    String memory = place.memory();
    return memory == null ? place.offset() : addressOf(memory) + place.offset();
  }

  private long addressOf(String memory) {
    Long address = addresses.get(memory);
    if (address == null) {
      throw new IllegalArgumentException("no memory is called " + memory);
    }
    return address;
  }
}
