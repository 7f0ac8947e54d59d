package dev.faultscope.simulation.kernel;

import dev.faultscope.model.KernelProfile;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which kernel is simulated.
 *
 * @param gmem what userfaultfd does on guest_memfd
 * @param genericContinue UFFDIO_CONTINUE goes through vm_ops-&gt;fault() as in the seed's v2, so
 *     that it allocates on shmem too
 * @param faultAroundPages pages that a read fault on a file may map together, a power of two; 1
 *     turns it off
 * @param continueBeyondEndIsEfault newer kernels answer CONTINUE beyond the end of the file with
 *     EFAULT, 6.18 with EINVAL
 * @param directMapRemoved the kernel has no mapping of its own of a guest_memfd's pages
 */
public record KernelConfig(
    GmemProfile gmem,
    boolean genericContinue,
    int faultAroundPages,
    boolean continueBeyondEndIsEfault,
    boolean directMapRemoved) {

  public KernelConfig {
    if (Integer.bitCount(faultAroundPages) != 1 || faultAroundPages > 512) {
      throw new IllegalArgumentException(
          "fault-around of " + faultAroundPages + " pages is not a power of two up to 512");
    }
  }

  /** {@return Linux 6.18 as released} */
  public static KernelConfig mainline() {
    return new KernelConfig(GmemProfile.MAINLINE, false, 16, false, false);
  }

  /** {@return whose rules these are} */
  public KernelProfile profile() {
    Map<String, String> settings = new HashMap<>();
    if (gmem != GmemProfile.MAINLINE) {
      settings.put("guest-memfd", gmem.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    if (genericContinue) {
      settings.put("generic-continue", "true");
    }
    if (faultAroundPages != mainline().faultAroundPages()) {
      settings.put("fault-around", String.valueOf(faultAroundPages));
    }
    if (directMapRemoved) {
      settings.put("direct-map", "removed");
    }
    return new KernelProfile("6.18", settings);
  }

  public KernelConfig withGmem(GmemProfile profile) {
    return new KernelConfig(
        profile, genericContinue, faultAroundPages, continueBeyondEndIsEfault, directMapRemoved);
  }

  public KernelConfig withGenericContinue(boolean on) {
    return new KernelConfig(
        gmem, on, faultAroundPages, continueBeyondEndIsEfault, directMapRemoved);
  }

  public KernelConfig withFaultAroundPages(int pages) {
    return new KernelConfig(
        gmem, genericContinue, pages, continueBeyondEndIsEfault, directMapRemoved);
  }

  public KernelConfig withDirectMapRemoved(boolean removed) {
    return new KernelConfig(
        gmem, genericContinue, faultAroundPages, continueBeyondEndIsEfault, removed);
  }
}
