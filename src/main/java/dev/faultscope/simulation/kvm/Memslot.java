package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Region;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Mm;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A memory slot: guest physical pages, the user mapping that shows them, and perhaps a guest_memfd
 * that holds them.
 */
public final class Memslot {
  private final String name;
  private final long gpa;
  private final int pages;
  private final Mm mm;
  private final long hva;
  private final @Nullable MemoryFile gmem;
  private final boolean gmemOnly;
  private final boolean readOnly;
  private boolean exists = true;
  private boolean userfault;
  private boolean bitmapReadable = true;

  final Stage2 stage2;
  final DirtyLog log;

  /** The KVM Userfault bitmap, which user space owns: a set bit traps. */
  final BitSet bitmap = new BitSet();

  /** Pages whose memory attribute says private. */
  final BitSet attributes = new BitSet();

  /** Pages that stage 2 had at some time. */
  final BitSet everMapped = new BitSet();

  Memslot(Kernel kernel, KvmRules rules, Request request, Mm mm) {
    name = request.name();
    gpa = request.gpa();
    pages = request.pages();
    this.mm = mm;
    hva = request.hva();
    gmem = request.gmem();
    gmemOnly = request.gmemOnly();
    readOnly = request.readOnly();
    stage2 = new Stage2(pages);
    log = new DirtyLog(kernel, rules, this);
  }

  /**
   * A slot to be made (KVM_SET_USER_MEMORY_REGION2).
   *
   * @param gpa first guest physical address, a multiple of 4096
   * @param hva {@code userspace_addr}
   * @param gmem the guest_memfd of a KVM_MEM_GUEST_MEMFD slot, from its page 0 on; null for none
   * @param gmemOnly every page comes from the guest_memfd, as it is with one made with MMAP; else
   *     only private pages do
   * @param readOnly KVM_MEM_READONLY: KVM emulates what the guest writes
   */
  public record Request(
      String name,
      long gpa,
      int pages,
      long hva,
      @Nullable MemoryFile gmem,
      boolean gmemOnly,
      boolean readOnly) {
    /** A slot that the guest may write. */
    public Request(
        String name, long gpa, int pages, long hva, @Nullable MemoryFile gmem, boolean gmemOnly) {
      this(name, gpa, pages, hva, gmem, gmemOnly, false);
    }

    public Request {
      if (pages < 1 || gpa < 0 || gpa % PAGE_BYTES != 0 || hva % PAGE_BYTES != 0) {
        throw new IllegalArgumentException("slot " + name + " is not made of whole pages");
      }
    }
  }

  /** {@return whether KVM has it: it may be made later, or be gone} */
  public boolean exists() {
    return exists;
  }

  void exists(boolean now) {
    exists = now;
  }

  boolean isReadOnly() {
    return readOnly;
  }

  public String name() {
    return name;
  }

  public long gpa() {
    return gpa;
  }

  public int pages() {
    return pages;
  }

  /** {@return the address of its first page in the user mapping} */
  public long hva() {
    return hva;
  }

  /** {@return whether stage 2 has a page, so that the guest can read it without a fault} */
  public boolean isInStage2(int page) {
    return stage2.isPresent(page);
  }

  /** {@return whether a vCPU's access of a page exits for its KVM Userfault bit} */
  public boolean isTrapped(int page) {
    return userfault && bitmap.get(page);
  }

  Mm mm() {
    return mm;
  }

  @Nullable MemoryFile gmem() {
    return gmem;
  }

  boolean isGmemOnly() {
    return gmemOnly;
  }

  /** {@return whether KVM_MEM_USERFAULT is on} */
  public boolean isUserfault() {
    return userfault;
  }

  void userfault(boolean on) {
    userfault = on;
  }

  boolean isBitmapReadable() {
    return bitmapReadable;
  }

  void bitmapReadable(boolean readable) {
    bitmapReadable = readable;
  }

  boolean containsGpa(long address) {
    return address >= gpa && address - gpa < bytes();
  }

  boolean containsHva(Mm owner, long address) {
    return owner == mm && address >= hva && address - hva < bytes();
  }

  private long bytes() {
    return (long) pages * PAGE_BYTES;
  }

  /** {@return the page of the slot that holds a guest physical address inside it} */
  public int pageOf(long address) {
    return (int) ((address - gpa) / PAGE_BYTES);
  }

  /** {@return the first page of the 2 MiB that a page is in; the slot may begin behind it} */
  int leafOf(int page) {
    return page - (int) (gpaOf(page) % Region.HUGE_PAGE_BYTES / PAGE_BYTES);
  }

  /** {@return the guest physical address of a page; the slot may begin behind it} */
  long gpaOf(int page) {
    return gpa + (long) page * PAGE_BYTES;
  }

  long hvaOf(int page) {
    return hva + (long) page * PAGE_BYTES;
  }

  /** {@return the user address behind a guest physical address inside it} */
  long toHva(long address) {
    return hva + (address - gpa);
  }

  /** {@return whether stage 2 takes a page from the guest_memfd, not through the user mapping} */
  boolean takesFromGmem(int page) {
    return gmem != null && (gmemOnly || attributes.get(page));
  }
}
