package dev.faultscope.scenario;

/**
 * Which kernel a scenario wants; a real engine can only say whether it has it.
 *
 * @param guestMemfd what userfaultfd does on guest_memfd
 * @param genericContinue CONTINUE goes through vm_ops-&gt;fault() and allocates on shmem, as in the
 *     seed's v2
 * @param faultAroundPages window of fault-around
 * @param folioLock who maps a page waits for whoever maps the same folio
 */
public record KernelSpec(
    GuestMemfd guestMemfd, boolean genericContinue, int faultAroundPages, boolean folioLock) {
  /** Userfaultfd on guest_memfd, by series. */
  public enum GuestMemfd {
    MAINLINE,
    HYBRID,
    FULL_MINOR,
    SHMEM_LIKE
  }

  public static final KernelSpec MAINLINE = new KernelSpec(GuestMemfd.MAINLINE, false, 16, false);
}
