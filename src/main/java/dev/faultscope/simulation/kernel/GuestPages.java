package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Event;
import dev.faultscope.model.KernelEventKind;
import org.jspecify.annotations.Nullable;

/**
 * What KVM sees of pages: frames behind a user mapping, frames of a guest_memfd, and their bytes.
 * KVM holds no reference to a frame that stage 2 maps; it is told before the frame goes ({@link
 * InvalidationListener}).
 */
public final class GuestPages {
  /** Stands for no frame; 0 is the shared zero page. */
  public static final int NONE = -1;

  private final Kernel kernel;

  GuestPages(Kernel kernel) {
    this.kernel = kernel;
  }

  /** {@return the frame that an address is mapped to, {@link #NONE} where the entry is empty} */
  public int frame(Mm mm, long address) {
    int pte = mm.pte(address & -PAGE_BYTES);
    return Pte.isPresent(pte) ? Pte.folio(pte) : NONE;
  }

  /** {@return whether the page-table entry of an address lets a write pass} */
  public boolean isWritable(Mm mm, long address) {
    return Pte.has(mm.pte(address & -PAGE_BYTES), Pte.WRITABLE);
  }

  /** {@return 4-KiB pages that are mapped together at an address: 512 of a huge page} */
  public int unitPages(Mm mm, long address) {
    if (Pte.has(mm.pte(address & -PAGE_BYTES), Pte.HUGE)) {
      return MemoryFile.HUGE_PAGES;
    }
    Vma vma = mm.find(address);
    return vma == null ? 1 : (int) (vma.unitBytes() / PAGE_BYTES);
  }

  /** {@return whether an address shows a guest_memfd} */
  public boolean isGmem(Mm mm, long address) {
    Vma vma = mm.find(address);
    return vma != null && vma.isGmem();
  }

  /** {@return the frame of a guest_memfd's page, {@link #NONE} where it is absent} */
  public int frame(MemoryFile gmem, long page) {
    int folio = gmem.folio(page);
    return folio == 0 ? NONE : folio;
  }

  /** Allocates a zeroed page of a guest_memfd, as its first use does. {@return its frame} */
  public int allocate(MemoryFile gmem, long page) {
    int folio = kernel.folios().allocateZeroed();
    kernel.pages().fillCache(gmem, page, folio);
    return folio;
  }

  /** {@return whether a page of a guest_memfd is shared with the host} */
  public boolean isShared(MemoryFile gmem, long page) {
    return gmem.isShared(page);
  }

  /**
   * get_user_pages() of the page at an address, for a guest's access: it is mapped, not accessed.
   */
  public Outcome faultIn(Task task, long address, boolean write) {
    task.bytes = 0;
    task.faultsIn = true;
    Outcome outcome = kernel.attempt(task, address, write, 0, AccessOrigin.STAGE2);
    task.faultsIn = false;
    return outcome;
  }

  /** A huge entry of stage 2 is split, which begins at a user address. */
  public void leafSplits(Task by, Mm mm, long start) {
    Vma vma = mm.find(start);
    kernel
        .journal()
        .kernel(KernelEventKind.LEAF_SPLIT, by.actor(), vma, start, start + PAGE_BYTES, 0);
  }

  /** KVM takes everything away from every guest of a virtual machine. {@return its event} */
  public long zapsAll(Task by) {
    return kernel.journal().kernel(KernelEventKind.ZAP_ALL, by.actor(), null, 0, 0, 0);
  }

  /** The MMU notifier runs for user addresses of a slot. {@return its event} */
  public long notified(@Nullable Task by, Mm mm, long start, long end) {
    int actor = by == null ? Event.NONE : by.actor();
    long told = by == null ? 0 : by.cause;
    for (Vma vma : mm.in(start, end)) {
      long from = Math.max(start, vma.start);
      long to = Math.min(end, vma.end);
      told = kernel.journal().kernel(KernelEventKind.MMU_NOTIFIER, actor, vma, from, to, told);
    }
    return told;
  }

  /** Stage 2 lost the pages that a range of user addresses shows, because of an event. */
  public void zapped(@Nullable Task by, Mm mm, long start, long end, long cause) {
    int actor = by == null ? Event.NONE : by.actor();
    for (Vma vma : mm.in(start, end)) {
      kernel
          .journal()
          .zapped(actor, vma, Math.max(start, vma.start), Math.min(end, vma.end), cause);
    }
  }

  /** {@return a byte of a frame} */
  public int load(int frame, int offset) {
    return kernel.folios().get(frame, offset);
  }

  /**
   * Puts a byte into a frame.
   *
   * @return whether it was the first byte that anybody wrote into zeros, or the last that was
   *     missing
   */
  public boolean store(int frame, int offset, int value) {
    Folios folios = kernel.folios();
    boolean first = folios.isPristine(frame);
    boolean partial = folios.isPartial(frame);
    folios.put(frame, offset, value);
    return first || (partial && !folios.isPartial(frame));
  }

  /**
   * Says a byte that is stored through the mapping at an address in every other one of its file.
   *
   * @param gmem as for {@link #fileChanged}
   */
  public void stored(
      Task by, Mm mm, long address, @Nullable MemoryFile gmem, long filePage, int value) {
    Vma vma = mm.find(address);
    int offset = (int) (address % PAGE_BYTES);
    Journal journal = kernel.journal();
    if (gmem != null) {
      journal.bytesChanged(gmem, filePage, vma, by.actor(), by.cause, offset, offset + 1, value);
    } else if (vma != null && vma.file != null) {
      journal.bytesChanged(
          vma.file, vma.filePageOf(address), vma, by.actor(), by.cause, offset, offset + 1, value);
    }
  }

  /** Records what changed of a page in the mapping at an address. */
  public void changed(Task by, Mm mm, long address) {
    long page = address & -PAGE_BYTES;
    Vma vma = mm.find(page);
    if (vma != null) {
      by.cause = kernel.journal().install(by.actor(), vma, page, page + PAGE_BYTES, by.cause);
    }
  }

  /**
   * Records what changed of a page in every mapping of its file.
   *
   * @param gmem the guest_memfd whose page {@code filePage} it is, null where it is the page of the
   *     mapping at the address
   */
  public void fileChanged(Task by, Mm mm, long address, @Nullable MemoryFile gmem, long filePage) {
    Vma vma = mm.find(address);
    if (gmem != null) {
      kernel.journal().syncFile(gmem, filePage, 1, null, by.actor(), by.cause);
    } else if (vma != null && vma.file != null) {
      kernel.journal().syncFile(vma.file, vma.filePageOf(address), 1, vma, by.actor(), by.cause);
    }
  }
}
