package dev.faultscope.live.guest;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Userfaultfd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a guest is made of and what it does.
 *
 * @param socket where its handler listens
 * @param backing what its memory is
 * @param modes register modes, of {@link Userfaultfd#MISSING} and {@link Userfaultfd#MINOR}
 * @param bytes size of its memory
 * @param regions in how many mappings
 * @param workload who touches it
 * @param pattern in what order
 * @param workers threads or vCPUs, each with its share of the pages
 * @param write whether they write
 * @param ring privilege level of vCPUs
 * @param clock whether KVM is to keep a clock in guest memory
 * @param content what the memory should hold, byte for byte
 * @param balloon whether the last quarter is given back during the run
 * @param cpus where the workers run, one after the other; empty for anywhere
 * @param limit how long it may live
 */
public record GuestOptions(
    Path socket,
    GuestBacking backing,
    long modes,
    long bytes,
    int regions,
    Workload workload,
    Pattern pattern,
    int workers,
    boolean write,
    int ring,
    boolean clock,
    Optional<Path> content,
    boolean balloon,
    List<Integer> cpus,
    Duration limit) {

  /** What guest memory can be. */
  public enum GuestBacking {
    MEMFD,
    ANON,
    HUGETLB,
    GUEST_MEMFD
  }

  /** Who touches. */
  public enum Workload {
    /** Threads, by plain native calls. */
    TOUCH,
    /** Real vCPUs. */
    VCPU
  }

  /** In what order pages are touched, each once. */
  public enum Pattern {
    SEQUENTIAL(1, 1),
    STRIDED(1, 17),
    RANDOM(0x5851f42d4c957f2dL, 0x14057b7ef767814fL);

    private final long factor;
    private final long increment;

    Pattern(long factor, long increment) {
      this.factor = factor;
      this.increment = increment;
    }

    /**
     * {@return the factor of the generator x → factor · x + increment, which meets every number
     * below a power of two}
     */
    public long factor() {
      return factor;
    }

    /** {@return its increment} */
    public long increment() {
      return increment;
    }
  }

  public GuestOptions {
    cpus = List.copyOf(cpus);
    if (bytes <= 0 || bytes % PAGE_BYTES != 0) {
      throw new IllegalArgumentException(bytes + " bytes are not whole pages of " + PAGE_BYTES);
    }
    if (workers < 1 || workers > 64) {
      throw new IllegalArgumentException(workers + " workers; 1 to 64 are possible");
    }
    if (regions < 1 || bytes / PAGE_BYTES < regions) {
      throw new IllegalArgumentException(regions + " regions of " + bytes + " bytes");
    }
    if (ring != 0 && ring != 3) {
      throw new IllegalArgumentException("ring " + ring + "; 0 and 3 are possible");
    }
    if (backing == GuestBacking.ANON && (modes & Userfaultfd.MINOR) != 0) {
      throw new IllegalArgumentException(
          "anonymous memory has no page cache, so no minor faults; take memfd");
    }
    if (workload == Workload.VCPU && regions != 1) {
      throw new IllegalArgumentException("a guest with vCPUs has one region");
    }
  }
}
