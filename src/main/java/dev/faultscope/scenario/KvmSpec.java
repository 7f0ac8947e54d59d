package dev.faultscope.scenario;

import static dev.faultscope.model.Region.PAGE_BYTES;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scenario's virtual machine.
 *
 * @param directMapRemoved the kernel has no mapping of its own of a guest_memfd's pages
 * @param pageTables guest physical address of the guest's {@value #TABLE_PAGES} pages of page
 *     tables, {@link #NONE} where nobody walks any
 * @param code guest physical address of the page of its instructions, {@link #NONE} for none
 */
public record KvmSpec(boolean directMapRemoved, long pageTables, long code, List<Slot> slots) {
  public static final long NONE = -1;

  /** Pages of page tables that a guest with 2-MiB pages has. */
  public static final int TABLE_PAGES = 3;

  public KvmSpec {
    slots = List.copyOf(slots);
  }

  /**
   * A memory slot over a whole mapping.
   *
   * @param memory the mapping that shows it to user space
   * @param gpa its first guest physical address
   * @param guestMemfd the mapping whose guest_memfd holds the pages, null for a plain slot
   * @param userfault KVM_MEM_USERFAULT is on, every bit set
   */
  public record Slot(
      String name,
      String memory,
      int pages,
      long gpa,
      @Nullable String guestMemfd,
      boolean userfault) {

    /** {@return whether the guest_memfd and the user mapping are the same memory} */
    public boolean isGmemOnly() {
      return memory.equals(guestMemfd);
    }

    boolean contains(long address, long bytes) {
      return address >= gpa && address - gpa + bytes <= pages * PAGE_BYTES;
    }
  }
}
