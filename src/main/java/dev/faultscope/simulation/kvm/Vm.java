package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Errno;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.PageState;
import dev.faultscope.simulation.kernel.GuestFault;
import dev.faultscope.simulation.kernel.InvalidationListener;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Mm;
import dev.faultscope.simulation.kernel.PageOverlay;
import dev.faultscope.simulation.kernel.Task;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A virtual machine: memory slots, vCPUs, and what user space can change of them. */
public final class Vm {
  /** Stands for a guest without page tables or without code of its own. */
  public static final long NONE = -1;

  /** Page-table levels that a guest with 2-MiB pages has. */
  public static final int TABLE_PAGES = 3;

  private final Kernel kernel;
  private final KvmRules rules;
  private final Mm mm;

  /** Guest physical addresses of devices, each its own address. */
  private final Mm devices;

  private final boolean directMapRemoved;
  private final List<Memslot> slots = new ArrayList<>();
  private final List<Vcpu> vcpus = new ArrayList<>();
  private final StageTwoPath path;
  private final @Nullable KvmFaultPath alone;
  private @Nullable Memslot lastFound;
  private long pageTables = NONE;
  private long code = NONE;
  private long userfaultExits;
  private long attributeExits;

  /**
   * A virtual machine of the process {@code mm}.
   *
   * @param rules what it is asked to be
   */
  public Vm(Kernel kernel, Mm mm, KvmRules rules) {
    this.kernel = kernel;
    this.rules = rules;
    this.mm = mm;
    devices = kernel.newProcess("devices");
    directMapRemoved = kernel.config().directMapRemoved();
    path = new StageTwoPath(kernel, this);
    alone = rules.alone() ? new KvmFaultPath(kernel, path) : null;
    kernel.addOverlay(new Facts());
    kernel.addInvalidationListener(new MmuNotifier());
  }

  // Making it

  /**
   * Makes a slot.
   *
   * @throws IllegalArgumentException if another one has some of its guest physical addresses
   */
  public Memslot addSlot(Memslot.Request request) {
    Memslot overlapped = overlapped(request.gpa(), request.pages());
    if (overlapped != null) {
      throw new IllegalArgumentException(
          "slot " + request.name() + " overlaps slot " + overlapped.name());
    }
    Memslot slot = new Memslot(kernel, rules, request, mm);
    slots.add(slot);
    return slot;
  }

  /** Says what a slot will be that is made later, by {@link #exists}. */
  public Memslot addLater(Memslot.Request request) {
    Memslot slot = new Memslot(kernel, rules, request, mm);
    slot.exists(false);
    slots.add(slot);
    return slot;
  }

  private @Nullable Memslot overlapped(long gpa, int pages) {
    long end = gpa + (long) pages * PAGE_BYTES;
    for (Memslot other : slots) {
      long otherEnd = other.gpa() + (long) other.pages() * PAGE_BYTES;
      if (other.exists() && gpa < otherEnd && other.gpa() < end) {
        return other;
      }
    }
    return null;
  }

  /** Says that guest physical addresses are a device's: they get a region of their own. */
  public void addDevice(String name, long gpa, int pages) {
    kernel.memory().device(devices, name, gpa, pages);
  }

  /**
   * Says where the guest keeps what every instruction needs.
   *
   * @param tables guest physical address of {@value #TABLE_PAGES} pages of page tables, or {@link
   *     #NONE}: then neither the processor nor KVM walks any
   * @param codePage guest physical address of the page of instructions, or {@link #NONE}
   */
  public void guestLayout(long tables, long codePage) {
    pageTables = tables;
    code = codePage;
  }

  public Vcpu newVcpu(String name) {
    int index = vcpus.size();
    Vcpu vcpu = new Vcpu(kernel, this, kernel.newTask(name, ActorKind.VCPU, index, mm));
    vcpus.add(vcpu);
    return vcpu;
  }

  public List<Memslot> slots() {
    return List.copyOf(slots);
  }

  public List<Vcpu> vcpus() {
    return List.copyOf(vcpus);
  }

  // What user space changes

  /** KVM_MEM_USERFAULT goes on or off; going on empties the slot's stage 2. */
  public void userfault(Task by, Memslot slot, boolean on) {
    if (on && !slot.isUserfault()) {
      slot.stage2.zap(0, slot.pages(), page -> true);
    }
    slot.userfault(on);
    changed(by, slot, 0, slot.pages());
  }

  /** Whether the bitmap's address can be read. */
  public void bitmapReadable(Memslot slot, boolean readable) {
    slot.bitmapReadable(readable);
  }

  /**
   * KVM_SET_USER_MEMORY_REGION deletes a slot, or makes it again. Its memory in the host stays.
   * Deleting one empties stage 2 of all where the quirk is on.
   *
   * @return EINVAL where it is so already, EEXIST where another slot is in the way
   */
  public Errno exists(Task by, Memslot slot, boolean toExist) {
    if (slot.exists() == toExist) {
      return Errno.EINVAL;
    }
    if (toExist && overlapped(slot.gpa(), slot.pages()) != null) {
      return Errno.EEXIST;
    }
    slotsChange();
    if (!toExist) {
      empty(by, slot);
      slot.log.set(by, false);
    }
    slot.exists(toExist);
    return Errno.OK;
  }

  private void slotsChange() {
    lastFound = null;
    if (alone != null) {
      alone.slotsChange();
    }
  }

  private void empty(Task by, Memslot slot) {
    if (alone != null && rules.zapsAllSlots()) {
      alone.zapAll(by, slots, devices);
    } else if (alone != null) {
      alone.zap(by, slot, 0, slot.pages(), 0);
    } else {
      for (Memslot each : slots) {
        if (each == slot || rules.zapsAllSlots()) {
          each.stage2.zap(0, each.pages(), _ -> true);
          changed(by, each, 0, each.pages());
        }
      }
    }
  }

  /**
   * KVM_MEM_LOG_DIRTY_PAGES goes on or off for a slot.
   *
   * @throws IllegalStateException if others than KVM have a part in the guest's faults
   */
  public void logDirty(Task by, Memslot slot, boolean on) {
    if (alone == null) {
      throw new IllegalStateException(
          "dirty logs are simulated only where KVM answers alone: without userfaultfd, KVM"
              + " Userfault and guest_memfd");
    }
    slotsChange();
    slot.log.set(by, on);
  }

  /** KVM_GET_DIRTY_LOG. {@return the pages of the slot that it reports, null without a log} */
  public @Nullable BitSet dirtyLog(Task by, Memslot slot) {
    return slot.log.isOn() ? slot.log.get(by) : null;
  }

  /**
   * KVM_CLEAR_DIRTY_LOG of pages of a slot.
   *
   * @return ENOENT without a log, EINVAL where reading the log clears it
   */
  public Errno clearDirtyLog(Task by, Memslot slot, int page, int pages) {
    if (!rules.clearsByHand()) {
      return Errno.EINVAL;
    }
    if (!slot.log.isOn()) {
      return Errno.ENOENT;
    }
    slot.log.clear(by, page, Math.min(slot.pages(), page + pages));
    return Errno.OK;
  }

  /** {@return the slot that will hold or holds a guest physical address, null for none} */
  public @Nullable Memslot slotAt(long gpa) {
    for (Memslot slot : slots) {
      if (slot.containsGpa(gpa)) {
        return slot;
      }
    }
    return null;
  }

  /** User space writes its own bitmap; KVM is not told. Pages are those of the slot. */
  public void userfaultBits(Task by, Memslot slot, int page, int pages, boolean set) {
    int end = Math.min(slot.pages(), page + pages);
    slot.bitmap.set(page, end, set);
    changed(by, slot, page, end);
  }

  /** KVM_SET_MEMORY_ATTRIBUTES: pages become private or shared, and leave stage 2. */
  public Errno attributes(Task by, long gpa, long bytes, boolean toPrivate) {
    if (gpa % PAGE_BYTES != 0
        || bytes <= 0
        || bytes % PAGE_BYTES != 0
        || Long.compareUnsigned(gpa + bytes, gpa) < 0) {
      return Errno.EINVAL;
    }
    for (Memslot slot : slots) {
      long slotEnd = slot.gpa() + (long) slot.pages() * PAGE_BYTES;
      int from = slot.pageOf(Math.clamp(gpa, slot.gpa(), slotEnd));
      int to = slot.pageOf(Math.clamp(gpa + bytes, slot.gpa(), slotEnd));
      if (from < to) {
        slot.stage2.zap(from, to, page -> true);
        slot.attributes.set(from, to, toPrivate);
        changed(by, slot, from, to);
      }
    }
    return Errno.OK;
  }

  private void changed(@Nullable Task by, Memslot slot, int from, int to) {
    kernel.overlayChanged(by, slot.mm(), slot.hvaOf(from), slot.hvaOf(to));
  }

  // What the vCPUs ask

  @Nullable Memslot find(long gpa) {
    Memslot last = lastFound;
    if (last != null && last.containsGpa(gpa)) {
      return last;
    }
    for (Memslot slot : slots) {
      if (slot.exists() && slot.containsGpa(gpa)) {
        lastFound = slot;
        return slot;
      }
    }
    return null;
  }

  /** KVM emulates an access of the guest instead of finding memory for it. */
  void emulate(GuestFault fault, @Nullable Memslot slot, GuestAccess access) {
    if (alone == null) {
      return;
    }
    Memslot shown = slotAt(access.gpa);
    if (shown == null) {
      alone.emulate(fault, slot, access, devices, access.gpa);
    } else {
      alone.emulate(fault, slot, access, shown.mm(), shown.toHva(access.gpa));
    }
  }

  StageTwoPath path() {
    return path;
  }

  /** {@return what answers where KVM does alone, null where others have a part} */
  @Nullable KvmFaultPath alone() {
    return alone;
  }

  boolean isDirectMapRemoved() {
    return directMapRemoved;
  }

  long pageTables() {
    return pageTables;
  }

  long code() {
    return code;
  }

  void countExit(VcpuExit exit) {
    if (exit.userfault()) {
      userfaultExits++;
    } else if (exit.reason() == ExitReason.MEMORY_FAULT) {
      attributeExits++;
    }
  }

  /** {@return exits because a KVM Userfault bit was set} */
  public long userfaultExits() {
    return userfaultExits;
  }

  /** {@return exits because private and shared did not match} */
  public long attributeExits() {
    return attributeExits;
  }

  /** {@return faults of its vCPUs that KVM answered alone} */
  public long stage2Faults() {
    return vcpus.stream().mapToLong(vcpu -> vcpu.fault().count()).sum();
  }

  /** {@return pages that stage 2 maps, in all slots} */
  public int stage2Pages() {
    return slots.stream().mapToInt(slot -> slot.stage2.present()).sum();
  }

  /** {@return the guest physical address that a user address stands for, {@link #NONE} if none} */
  public long gpaOf(Mm owner, long address) {
    for (Memslot slot : slots) {
      if (slot.containsHva(owner, address)) {
        return slot.gpa() + (address - slot.hva());
      }
    }
    return NONE;
  }

  private final class Facts implements PageOverlay {
    private @Nullable Memslot last;

    @Override
    public int facts(Mm owner, long address) {
      if (owner == devices) {
        return alone == null ? 0 : alone.deviceFacts(address) | waiting(owner, address);
      }
      Memslot slot = last;
      if (slot == null || !slot.containsHva(owner, address)) {
        slot = null;
        for (int i = 0; i < slots.size() && slot == null; i++) {
          slot = slots.get(i).containsHva(owner, address) ? slots.get(i) : null;
        }
        if (slot == null) {
          return 0;
        }
        last = slot;
      }
      int page = (int) ((address - slot.hva()) / PAGE_BYTES);
      int facts = slot.stage2.isPresent(page) ? PageState.STAGE2 : 0;
      facts |= slot.stage2.isDirty(page) ? PageState.DIRTY : 0;
      facts |= slot.isUserfault() && slot.bitmap.get(page) ? PageState.USERFAULT : 0;
      if (alone != null) {
        facts |= alone.facts(slot, page) | waiting(owner, address);
      }
      return facts | (slot.attributes.get(page) ? PageState.PRIVATE : 0);
    }
  }

  private int waiting(Mm owner, long address) {
    for (int i = 0; i < vcpus.size(); i++) {
      if (vcpus.get(i).fault().isAt(owner, address)) {
        return PageState.IN_KERNEL;
      }
    }
    return 0;
  }

  /** Keeps stage 2 from outliving what it was made of. */
  private final class MmuNotifier implements InvalidationListener {
    @Override
    public void unmapped(@Nullable Task by, Mm owner, long start, long end) {
      for (Memslot slot : slots) {
        long slotEnd = slot.hvaOf(slot.pages());
        if (slot.mm() == owner && start < slotEnd && end > slot.hva()) {
          int from = (int) ((Math.max(start, slot.hva()) - slot.hva()) / PAGE_BYTES);
          int to = (int) ((Math.min(end, slotEnd) - slot.hva() + PAGE_BYTES - 1) / PAGE_BYTES);
          if (alone != null) {
            alone.unmapped(by, slot, from, to);
          } else {
            slot.stage2.zap(from, to, page -> !slot.takesFromGmem(page));
          }
        }
      }
    }

    @Override
    public void freed(MemoryFile file, long page, long pages) {
      for (Memslot slot : slots) {
        if (slot.gmem() == file) {
          int from = (int) Math.min(page, slot.pages());
          int to = (int) Math.min(page + pages, slot.pages());
          slot.stage2.zap(from, to, slot::takesFromGmem);
          if (!slot.isGmemOnly()) {
            // The mapping that shows the slot is other memory: nobody else records its pages now.
            changed(null, slot, from, to);
          }
        }
      }
    }
  }
}
