package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.MINOR;
import static dev.faultscope.model.Region.MISSING;

/** What userfaultfd does on guest_memfd, which depends on the patches that a kernel carries. */
public enum GmemProfile {
  /** Linux 6.18: no mode can be registered. */
  MAINLINE(0),

  /**
   * The seed's first version, March 2025: MISSING, answered by write() and CONTINUE; a cached page
   * is mapped silently.
   */
  HYBRID(MISSING),

  /**
   * The seed, April 2025: MINOR on every empty page-table entry; the page is allocated before the
   * message.
   */
  FULL_MINOR(MINOR),

  /** The 2026 series: MISSING and MINOR as shmem has them; needs INIT_SHARED. */
  SHMEM_LIKE(MISSING | MINOR);

  private final int modes;

  GmemProfile(int modes) {
    this.modes = modes;
  }

  boolean canRegister(int wanted, boolean shared) {
    return wanted != 0 && (wanted & ~modes) == 0 && (this != SHMEM_LIKE || shared);
  }
}
