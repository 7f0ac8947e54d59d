package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Errno;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.PageState;
import dev.faultscope.simulation.kernel.InvalidationListener;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Mm;
import dev.faultscope.simulation.kernel.PageOverlay;
import dev.faultscope.simulation.kernel.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A virtual machine: memory slots, vCPUs, and what user space can change of them. */
public final class Vm {
  /** Stands for a guest without page tables or without code of its own. */
  public static final long NONE = -1;

  /** Page-table levels that a guest with 2-MiB pages has. */
  public static final int TABLE_PAGES = 3;

  private final Kernel kernel;
  private final Mm mm;
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
   * @param kvmAlone whether nobody but KVM answers its guest's faults: no userfaultfd, no KVM
   *     Userfault and no guest_memfd has a part in them. Then each is a fault of stage 2
   */
  public Vm(Kernel kernel, Mm mm, boolean kvmAlone) {
    this.kernel = kernel;
    this.mm = mm;
    directMapRemoved = kernel.config().directMapRemoved();
    path = new StageTwoPath(kernel, this);
    alone = kvmAlone ? new KvmFaultPath(kernel, path) : null;
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
    long end = request.gpa() + (long) request.pages() * PAGE_BYTES;
    for (Memslot other : slots) {
      long otherEnd = other.gpa() + (long) other.pages() * PAGE_BYTES;
      if (request.gpa() < otherEnd && other.gpa() < end) {
        throw new IllegalArgumentException(
            "slot " + request.name() + " overlaps slot " + other.name());
      }
    }
    Memslot slot = new Memslot(request, mm);
    slots.add(slot);
    return slot;
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
      if (slot.containsGpa(gpa)) {
        lastFound = slot;
        return slot;
      }
    }
    return null;
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
        facts |= KvmFaultPath.facts(slot, page) | waiting(owner, address);
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
