package dev.faultscope.scenario;

import java.util.Locale;

/** What takes simulated time. Defaults are those of one recent x86 server. */
public enum Cost {
  ACCESS(100, "an access that finds its page mapped"),
  SOFT_FAULT(400, "a fault that the kernel resolves without a message"),
  STAGE2(700, "a stage-2 violation by itself"),
  EXIT(2_500, "a vCPU's exit to the VMM for a KVM Userfault bit, and its way back"),
  TRAP(1_000, "a fault until its message is queued"),
  WAKE(3_000, "from being woken until running, for who slept"),
  WAKE_BUSY(500, "until a reader that polls all the time sees a message"),
  READ(750, "read(2) of messages"),
  COPY(1_200, "UFFDIO_COPY of one page"),
  COPY_PAGE(250, "each further page of a COPY"),
  CONTINUE(800, "UFFDIO_CONTINUE of one page"),
  CONTINUE_PAGE(20, "each further page of a CONTINUE"),
  ZEROPAGE(800, "UFFDIO_ZEROPAGE of one page"),
  ZEROPAGE_PAGE(100, "each further page of a ZEROPAGE"),
  WRITEPROTECT(800, "UFFDIO_WRITEPROTECT, and other ioctls on one page"),
  WRITEPROTECT_PAGE(20, "each further page of those"),
  WAKE_IOCTL(400, "UFFDIO_WAKE"),
  WRITE_PAGE(600, "writing one page into a file, by write(2) or another mapping"),
  UFFD_LOCK(4_500, "time under the queue lock of one userfaultfd that each fault takes"),
  MM_LOCK(250, "time under locks of one address space that each change of its page table takes"),
  FOLIO_LOCK(
      200,
      "time under the lock of a folio that mapping it takes, where the kernel has `folio-lock`");

  private final long defaultNs;
  private final String about;

  Cost(long defaultNs, String about) {
    this.defaultNs = defaultNs;
    this.about = about;
  }

  /** {@return its name in a scenario: {@code uffd-lock}} */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public long defaultNs() {
    return defaultNs;
  }

  public String about() {
    return about;
  }
}
