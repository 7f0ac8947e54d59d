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
 * @param zapsAllSlots deleting one slot empties stage 2 of all (KVM_X86_QUIRK_SLOT_ZAP_ALL)
 */
public record KvmSpec(
    boolean directMapRemoved,
    long pageTables,
    long code,
    boolean zapsAllSlots,
    DirtyLogs dirtyLogs,
    List<Slot> slots,
    List<Device> devices) {
  public static final long NONE = -1;

  /** Pages of page tables that a guest with 2-MiB pages has. */
  public static final int TABLE_PAGES = 3;

  public KvmSpec {
    slots = List.copyOf(slots);
    devices = List.copyOf(devices);
  }

  /** How dirty logs are kept. */
  public enum DirtyLogs {
    /** Reading one clears it and protects what it reports. */
    BY_READING,
    /** KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE: clearing does, reading does not. */
    BY_CLEARING,
    /** KVM_DIRTY_LOG_INITIALLY_SET as well: a log begins with every page and protects none. */
    INITIALLY_SET
  }

  /** Guest physical addresses of a device. */
  public record Device(String name, long gpa, int pages) {}

  /** {@return whether it asks for what is only simulated where KVM answers the guest alone} */
  public boolean needsKvmAlone() {
    return !zapsAllSlots
        || dirtyLogs != DirtyLogs.BY_READING
        || !devices.isEmpty()
        || slots.stream().anyMatch(slot -> slot.readOnly() || slot.absent());
  }

  /**
   * A memory slot over a whole mapping.
   *
   * @param memory the mapping that shows it to user space
   * @param gpa its first guest physical address
   * @param guestMemfd the mapping whose guest_memfd holds the pages, null for a plain slot
   * @param userfault KVM_MEM_USERFAULT is on, every bit set
   * @param readOnly KVM_MEM_READONLY
   * @param absent it is made by a step
   */
  public record Slot(
      String name,
      String memory,
      int pages,
      long gpa,
      @Nullable String guestMemfd,
      boolean userfault,
      boolean readOnly,
      boolean absent) {

    /** {@return whether the guest_memfd and the user mapping are the same memory} */
    public boolean isGmemOnly() {
      return memory.equals(guestMemfd);
    }

    boolean contains(long address, long bytes) {
      return address >= gpa && address - gpa + bytes <= pages * PAGE_BYTES;
    }
  }
}
