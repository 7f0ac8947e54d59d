package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Errno;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.simulation.kernel.GuestFault;
import dev.faultscope.simulation.kernel.GuestPages;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Mm;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kvm.StageTwoPath.Result;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a guest access becomes where KVM answers alone: a fault from the exit to the next entry,
 * with the page that the host has or gets. What the MMU notifier takes away meanwhile makes it
 * stale: it is thrown away, and the guest faults again.
 */
final class KvmFaultPath {
  /** Facts that an entry of stage 2 decides. */
  private static final int ENTRY =
      PageState.STAGE2
          | PageState.STAGE2_READ_ONLY
          | PageState.STAGE2_MMIO
          | PageState.LEAF_2M
          | PageState.LEAF_1G;

  /** A fault is thrown away once at most, by what it does itself; more would be our mistake. */
  private static final int MOST_FAULTS = 4;

  private final Kernel kernel;
  private final GuestPages pages;
  private final StageTwoPath path;

  /** Goes up with every change that the MMU notifier tells of (mmu_invalidate_seq). */
  private long invalidations;

  /** Goes up with every change of a slot: markers of an earlier generation say nothing any more. */
  private int generation;

  /** Guest frames for which stage 2 holds a marker of a device, and of which generation. */
  private final Map<Long, Integer> markers = new HashMap<>();

  KvmFaultPath(Kernel kernel, StageTwoPath path) {
    this.kernel = kernel;
    pages = kernel.guestPages();
    this.path = path;
  }

  /**
   * An access where no slot is, or a write to a slot that is read-only: KVM emulates it.
   *
   * @param at the address that stands for it in the address space {@code in}
   */
  void emulate(GuestFault fault, @Nullable Memslot slot, GuestAccess access, Mm in, long at) {
    fault.begin(in, at, access.write, access.fetch);
    if (slot != null) {
      return;
    }
    Integer before = markers.put(access.gpa / PAGE_BYTES, generation);
    if (before == null) {
      long page = at & -PAGE_BYTES;
      fault.entries(in, page, page + PAGE_BYTES, ENTRY, PageState.STAGE2_MMIO);
    }
  }

  /**
   * Makes an access of a page inside a slot, with as many faults as it takes.
   *
   * @param pauses whether each fault takes time: it begins, and is answered when this is called
   *     again
   */
  Result attempt(Task task, GuestFault fault, Memslot slot, GuestAccess access, boolean pauses) {
    long hva = slot.toHva(access.gpa);
    boolean tells = access.by != GuestAccess.By.PRE_FAULT;
    boolean resumes = pauses && fault.waits();
    if (!resumes && path.hits(slot, access)) {
      int page = slot.pageOf(access.gpa);
      if (access.by == GuestAccess.By.GUEST) {
        kernel.touch(task, hva, access.write, AccessOrigin.STAGE2);
        path.pass(task, slot, DecideReason.STAGE2_MAPPED, hva, access, slot.stage2.frame(page));
      }
      return path.complete(task, slot, page, access, false, false);
    }
    for (int faults = 0; faults < MOST_FAULTS; faults++) {
      if (faults > 0 || !resumes) {
        access.invalidations = invalidations;
        if (tells) {
          fault.begin(slot.mm(), hva, access.write, access.fetch);
        }
        if (tells && pauses) {
          return StageTwoPath.ASLEEP;
        }
      }
      Result result = answer(task, fault, slot, access);
      if (tells && (result instanceof Result.Done || result == null)) {
        fault.end();
      }
      if (result != null) {
        return result;
      }
    }
    throw new IllegalStateException(
        "a guest access did not settle at 0x" + Long.toHexString(access.gpa));
  }

  /** {@return what became of the access, null where the fault is thrown away} */
  private @Nullable Result answer(Task task, GuestFault fault, Memslot slot, GuestAccess access) {
    int page = slot.pageOf(access.gpa);
    long hva = slot.toHva(access.gpa);
    boolean present = slot.stage2.isPresent(page);
    if (path.hits(slot, access)) {
      // Another vCPU was first.
      fault.hostPage();
      decide(task, fault, slot, access, DecideReason.SPURIOUS);
      return path.complete(task, slot, page, access, false, false);
    }
    if (access.write && slot.stage2.isProtected(page)) {
      return fast(task, fault, slot, access);
    }
    if (pages.frame(slot.mm(), hva) == GuestPages.NONE
        || (access.write && !pages.isWritable(slot.mm(), hva))) {
      switch (pages.faultIn(task, hva, access.write)) {
        case DONE -> {}
        case POISONED -> {
          return StageTwoPath.SIGBUS;
        }
        case SIGBUS, SIGSEGV, WOULD_BLOCK -> {
          return new Result.Exits(
              VcpuExit.of(ExitReason.ERROR, Errno.EFAULT, access.gpa & -PAGE_BYTES));
        }
        case BLOCKED ->
            throw new IllegalStateException("a userfaultfd has a part in a fault of KVM alone");
      }
    }
    if (invalidations != access.invalidations) {
      fault.decide(DecideReason.RETRIED);
      return null;
    }
    DecideReason reason =
        present
            ? DecideReason.MADE_WRITABLE
            : slot.everMapped.get(page) ? DecideReason.MAPPED_AGAIN : DecideReason.MAPPED_FIRST;
    if (access.by != GuestAccess.By.PRE_FAULT) {
      fault.hostPage();
      decide(task, fault, slot, access, reason);
    }
    return map(task, fault, slot, page, access);
  }

  /** Only KVM's own protection is in the way: it is lifted without a lock (fast_page_fault). */
  private Result fast(Task task, GuestFault fault, Memslot slot, GuestAccess access) {
    int page = slot.pageOf(access.gpa);
    decide(task, fault, slot, access, DecideReason.FAST_FIXED);
    boolean huge = slot.stage2.isHuge(page);
    int from = huge ? slot.leafOf(page) : page;
    int to = huge ? from + MemoryFile.HUGE_PAGES : page + 1;
    for (int each = from; each < to; each++) {
      slot.stage2.lift(each);
    }
    slot.log.mark(page);
    fault.entries(
        slot.mm(),
        slot.hvaOf(from),
        slot.hvaOf(to),
        PageState.STAGE2_READ_ONLY,
        PageState.STAGE2 | (huge ? 0 : PageState.DIRTY));
    return path.complete(task, slot, page, access, true, false);
  }

  private void decide(
      Task task, GuestFault fault, Memslot slot, GuestAccess access, DecideReason reason) {
    long hva = slot.toHva(access.gpa);
    if (access.by == GuestAccess.By.WALK) {
      fault.decide(reason);
      return;
    }
    int frame = pages.frame(slot.mm(), hva);
    int seen = access.write ? access.value : pages.load(frame, (int) (access.gpa % PAGE_BYTES));
    fault.pass(reason, seen);
    if (access.write) {
      pages.stored(task, slot.mm(), hva, null, slot.pageOf(access.gpa), seen);
    }
  }

  /** Sets the entry: a 2-MiB leaf where host page, gpa and hva are aligned alike. */
  private Result map(Task task, GuestFault fault, Memslot slot, int page, GuestAccess access) {
    int unit = pages.unitPages(slot.mm(), slot.hvaOf(page));
    int from = slot.leafOf(page);
    boolean huge =
        unit > 1
            && slot.hvaOf(from) % Region.HUGE_PAGE_BYTES == 0
            && !slot.log.isOn()
            && from >= 0
            && from + unit <= slot.pages();
    int first = huge ? from : page;
    int end = huge ? from + unit : page + 1;
    boolean writable = !slot.isReadOnly() && pages.isWritable(slot.mm(), slot.hvaOf(page));
    for (int each = first; each < end; each++) {
      int frame = pages.frame(slot.mm(), slot.hvaOf(each));
      if (huge) {
        slot.stage2.mapHuge(each, frame, writable);
      } else {
        slot.stage2.map(each, frame, writable);
      }
      markers.remove(slot.gpaOf(each) / PAGE_BYTES);
    }
    if (writable) {
      slot.log.mark(page);
    }
    slot.everMapped.set(first, end);
    int set =
        PageState.STAGE2
            | (huge ? PageState.LEAF_2M : 0)
            | (writable ? 0 : PageState.STAGE2_READ_ONLY)
            | (access.write && !huge ? PageState.DIRTY : 0);
    fault.entries(slot.mm(), slot.hvaOf(first), slot.hvaOf(end), ENTRY, set);
    return path.complete(task, slot, page, access, true, false);
  }

  // What undoes it

  /** The MMU notifier runs for pages of a slot: stage 2 loses them before the host does. */
  void unmapped(@Nullable Task by, Memslot slot, int from, int to) {
    invalidations++;
    long told = pages.notified(by, slot.mm(), slot.hvaOf(from), slot.hvaOf(to));
    zap(by, slot, from, to, told);
  }

  /** A slot is made, goes, or gets other flags. */
  void slotsChange() {
    generation++;
    invalidations++;
  }

  /** Stage 2 of every slot is emptied, markers included (kvm_mmu_zap_all_fast). */
  void zapAll(Task by, List<Memslot> slots, Mm devices) {
    long told = pages.zapsAll(by);
    for (Memslot slot : slots) {
      zap(by, slot, 0, slot.pages(), told);
    }
    List<Long> marked = List.copyOf(markers.keySet());
    markers.clear();
    for (long frame : marked) {
      long gpa = frame * PAGE_BYTES;
      kernel.overlayChanged(by, devices, gpa, gpa + PAGE_BYTES);
      for (Memslot slot : slots) {
        if (slot.containsGpa(gpa)) {
          kernel.overlayChanged(by, slot.mm(), slot.toHva(gpa), slot.toHva(gpa) + PAGE_BYTES);
        }
      }
    }
  }

  void zap(@Nullable Task by, Memslot slot, int from, int to, long cause) {
    boolean cutsFirst = from < to && slot.stage2.isHuge(from);
    boolean cutsLast = from < to && slot.stage2.isHuge(to - 1);
    int at = cutsFirst ? slot.leafOf(from) : from;
    int last = cutsLast ? slot.leafOf(to - 1) + MemoryFile.HUGE_PAGES : to;
    while (at < last) {
      int end = at;
      while (end < last && slot.stage2.isPresent(end)) {
        end++;
      }
      if (end > at) {
        slot.stage2.zap(at, end, _ -> true);
        pages.zapped(by, slot.mm(), slot.hvaOf(at), slot.hvaOf(end), cause);
      }
      at = Math.max(end, at + 1);
    }
  }

  /** {@return facts that stage 2 adds to a guest physical address without memory} */
  int deviceFacts(long gpa) {
    return !markers.isEmpty() && markers.containsKey(gpa / PAGE_BYTES) ? PageState.STAGE2_MMIO : 0;
  }

  /** {@return facts that the slot's entry adds to a page} */
  int facts(Memslot slot, int page) {
    if (!slot.stage2.isPresent(page)) {
      return deviceFacts(slot.gpaOf(page));
    }
    return (slot.stage2.isWritable(page) ? 0 : PageState.STAGE2_READ_ONLY)
        | (slot.stage2.isHuge(page) ? PageState.LEAF_2M : 0);
  }
}
