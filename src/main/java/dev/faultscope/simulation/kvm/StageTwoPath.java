package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Errno;
import dev.faultscope.model.ExitReason;
import dev.faultscope.simulation.kernel.GuestPages;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Outcome;
import dev.faultscope.simulation.kernel.Task;
import org.jspecify.annotations.Nullable;

/**
 * What a guest access becomes: stage 2, then what kvm_mmu_faultin_pfn() asks in its order - memory
 * attribute, KVM Userfault bit, the guest_memfd or get_user_pages() on the user mapping.
 */
final class StageTwoPath {
  private final Kernel kernel;
  private final GuestPages pages;
  private final Vm vm;

  StageTwoPath(Kernel kernel, Vm vm) {
    this.kernel = kernel;
    pages = kernel.guestPages();
    this.vm = vm;
  }

  /** What became of a try. */
  sealed interface Result {
    /**
     * @param value the byte that it saw or wrote
     */
    record Done(int value) implements Result {}

    /** The vCPU sleeps in a fault of the user mapping. */
    record Asleep() implements Result {}

    record Exits(VcpuExit exit) implements Result {}

    /** The page is poisoned: the vCPU's thread gets SIGBUS. */
    record Sigbus() implements Result {}
  }

  static final Result ASLEEP = new Result.Asleep();
  static final Result SIGBUS = new Result.Sigbus();

  boolean hits(Memslot slot, GuestAccess access) {
    int page = slot.pageOf(access.gpa);
    return slot.stage2.isPresent(page) && (!access.write || slot.stage2.isWritable(page));
  }

  /** Tries an access of a page inside a slot. */
  Result attempt(Task task, Memslot slot, GuestAccess access) {
    int page = slot.pageOf(access.gpa);
    long hva = slot.toHva(access.gpa);
    if (hits(slot, access)) {
      boolean trapped = slot.isUserfault() && slot.bitmap.get(page);
      DecideReason reason = trapped ? DecideReason.USERFAULT_UNSEEN : DecideReason.STAGE2_MAPPED;
      pass(task, slot, reason, hva, access, slot.stage2.frame(page));
      return complete(task, slot, page, access, false, false);
    }
    VcpuExit exit = refusal(task, slot, page, access);
    if (exit != null) {
      return new Result.Exits(exit);
    }
    return slot.takesFromGmem(page)
        ? fromGmem(task, slot, page, access)
        : fromUserMapping(task, slot, page, access);
  }

  void pass(Task task, Memslot slot, DecideReason reason, long hva, GuestAccess access, int frame) {
    int offset = (int) (access.gpa % PAGE_BYTES);
    int value = access.write ? access.value : pages.load(frame, offset);
    kernel.pass(task, reason, hva, access.write, value);
    if (access.write) {
      int page = slot.pageOf(access.gpa);
      MemoryFile gmem = slot.takesFromGmem(page) ? slot.gmem() : null;
      pages.stored(task, slot.mm(), hva, gmem, page, value);
    }
  }

  private @Nullable VcpuExit refusal(Task task, Memslot slot, int page, GuestAccess access) {
    long hva = slot.hvaOf(page);
    long gpa = access.gpa & -PAGE_BYTES;
    if (isPrivate(slot, page) != access.wantsPrivate) {
      kernel.decide(task, DecideReason.ATTRIBUTE_MISMATCH, hva);
      return new VcpuExit(ExitReason.MEMORY_FAULT, Errno.EFAULT, gpa, false, access.wantsPrivate);
    }
    if (!slot.isUserfault()) {
      return null;
    }
    if (!slot.isBitmapReadable()) {
      kernel.decide(task, DecideReason.USERFAULT_UNREADABLE, hva);
      return VcpuExit.of(ExitReason.ERROR, Errno.EFAULT, gpa);
    }
    if (slot.bitmap.get(page)) {
      kernel.decide(task, DecideReason.USERFAULT_BIT, hva);
      return new VcpuExit(ExitReason.MEMORY_FAULT, Errno.EFAULT, gpa, true, access.wantsPrivate);
    }
    if (!access.explained) {
      kernel.decide(task, DecideReason.USERFAULT_CLEAR, hva);
    }
    return null;
  }

  private boolean isPrivate(Memslot slot, int page) {
    MemoryFile gmem = slot.gmem();
    return slot.attributes.get(page)
        || (gmem != null && slot.isGmemOnly() && !pages.isShared(gmem, page));
  }

  private Result fromGmem(Task task, Memslot slot, int page, GuestAccess access) {
    MemoryFile gmem = slot.gmem();
    if (gmem == null) {
      throw new IllegalStateException("slot " + slot.name() + " has no guest_memfd");
    }
    int frame = pages.frame(gmem, page);
    boolean absent = frame == GuestPages.NONE;
    DecideReason reason = absent ? DecideReason.GMEM_ZEROED : DecideReason.GMEM_DIRECT;
    if (absent) {
      frame = pages.allocate(gmem, page);
    }
    pass(task, slot, reason, slot.toHva(access.gpa), access, frame);
    slot.stage2.map(page, frame, true);
    return complete(task, slot, page, access, true, absent);
  }

  private Result fromUserMapping(Task task, Memslot slot, int page, GuestAccess access) {
    long hva = slot.toHva(access.gpa);
    if (vm.isDirectMapRemoved() && pages.isGmem(slot.mm(), hva)) {
      kernel.decide(task, DecideReason.GUP_REFUSED, hva);
      return new Result.Exits(
          VcpuExit.of(ExitReason.ERROR, Errno.EFAULT, access.gpa & -PAGE_BYTES));
    }
    if (pages.frame(slot.mm(), hva) != GuestPages.NONE
        && (!access.write || pages.isWritable(slot.mm(), hva))) {
      pass(task, slot, DecideReason.STAGE2_FILLED, hva, access, pages.frame(slot.mm(), hva));
      fill(task, slot, page);
      return complete(task, slot, page, access, true, false);
    }
    if (!access.explained) {
      access.explained = true;
      boolean present = slot.stage2.isPresent(page);
      kernel.decide(task, present ? DecideReason.STAGE2_UPGRADE : DecideReason.STAGE2_GUP, hva);
    }
    Outcome outcome = kernel.attempt(task, hva, access.write, access.value, AccessOrigin.STAGE2);
    return switch (outcome) {
      case DONE -> {
        fill(task, slot, page);
        yield complete(task, slot, page, access, true, false);
      }
      case BLOCKED -> ASLEEP;
      case POISONED -> SIGBUS;
      case SIGBUS, SIGSEGV, WOULD_BLOCK ->
          new Result.Exits(VcpuExit.of(ExitReason.ERROR, Errno.EFAULT, access.gpa & -PAGE_BYTES));
    };
  }

  /** Takes into stage 2 what the user mapping shows: one page, or a huge one without bitmap. */
  private void fill(Task task, Memslot slot, int page) {
    int unit = slot.isUserfault() ? 1 : pages.unitPages(slot.mm(), slot.hvaOf(page));
    int from = Math.max(0, page - (int) ((slot.hvaOf(page) / PAGE_BYTES) % unit));
    int to = Math.min(slot.pages(), from + unit);
    for (int each = from; each < to; each++) {
      int frame = pages.frame(slot.mm(), slot.hvaOf(each));
      if (frame != GuestPages.NONE) {
        slot.stage2.map(each, frame, pages.isWritable(slot.mm(), slot.hvaOf(each)));
      }
    }
    if (unit > 1) {
      kernel.overlayChanged(task, slot.mm(), slot.hvaOf(from), slot.hvaOf(to));
    }
  }

  /**
   * The access itself, on a page that stage 2 has.
   *
   * @param mapped whether stage 2 has it only now
   * @param cached whether the guest_memfd has it only now
   */
  Result complete(
      Task task, Memslot slot, int page, GuestAccess access, boolean mapped, boolean cached) {
    int frame = slot.stage2.frame(page);
    int offset = (int) (access.gpa % PAGE_BYTES);
    boolean first = false;
    boolean dirtied = false;
    if (access.write) {
      // What a walk marks in an entry of the guest's page tables is no byte that anybody reads.
      first = access.by != GuestAccess.By.WALK && pages.store(frame, offset, access.value);
      dirtied = !slot.stage2.isDirty(page);
      slot.stage2.dirty(page);
    }
    if (mapped || first || dirtied) {
      pages.changed(task, slot.mm(), slot.hvaOf(page));
    }
    if (first || cached) {
      MemoryFile gmem = slot.takesFromGmem(page) ? slot.gmem() : null;
      pages.fileChanged(task, slot.mm(), slot.hvaOf(page), gmem, page);
    }
    return new Result.Done(access.write ? access.value : pages.load(frame, offset));
  }
}
