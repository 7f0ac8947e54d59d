package dev.faultscope.live.origin;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.TraceInstance;
import dev.faultscope.linux.Tracefs;
import dev.faultscope.live.attach.GuestRegion;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the accesses to a peer's guest memory began, and which thread made them: the kernel's trace
 * events of page faults, taken from an instance of our own. It knows the moment of the trap, which
 * a message does not tell; who made the access is read off the thread's stack. For one thread.
 */
final class AccessTrace implements AutoCloseable {
  private static final List<String> TRAPS =
      List.of("exceptions/page_fault_user", "exceptions/page_fault_kernel");

  /**
   * A guest's access through stage 2: with a table of its own, and where KVM shadows the guest's.
   */
  private static final List<String> STAGE2 =
      List.of("kvm/kvm_page_fault", "kvmmmu/kvm_mmu_pagetable_walk");

  /** What comes between two looks, some hundred accesses; older ones are lost, and not missed. */
  private static final String KIB_PER_CPU = "64";

  /** Accesses that no message was read of yet, or that needed none. */
  private static final int MOST = 1024;

  private final Tracefs tracefs;
  private final TraceInstance instance;
  private final TracedAccess.Parser parser;
  private final Deque<TracedAccess> unread = new ArrayDeque<>();
  private String rest = "";

  private AccessTrace(Tracefs tracefs, TraceInstance instance, TracedAccess.Parser parser) {
    this.tracefs = tracefs;
    this.instance = instance;
    this.parser = parser;
  }

  /**
   * Starts tracing.
   *
   * @param pid the peer, and whoever it forks or starts as a thread
   * @throws IOException if there is no tracefs here, or it may not be used; the message says why
   */
  static AccessTrace open(int pid, List<GuestRegion> regions) throws IOException {
    Tracefs tracefs = Tracefs.open();
    try {
      tracefs.sweep();
      TraceInstance instance = tracefs.instance("accesses");
      try {
        start(tracefs, instance, pid, regions);
      } catch (IOException refused) {
        instance.close();
        throw refused;
      }
      return new AccessTrace(tracefs, instance, new TracedAccess.Parser(regions));
    } catch (IOException refused) {
      tracefs.close();
      throw refused;
    }
  }

  private static void start(
      Tracefs tracefs, TraceInstance instance, int pid, List<GuestRegion> regions)
      throws IOException {
    // What System.nanoTime() counts.
    instance.set("trace_clock", "mono");
    instance.set("buffer_size_kb", KIB_PER_CPU);
    instance.follow(pid);
    long from = regions.stream().mapToLong(GuestRegion::base).min().orElse(0);
    long to = regions.stream().mapToLong(each -> each.base() + each.size()).max().orElse(0);
    for (String event : TRAPS) {
      instance.enable(event, "address >= 0x%x && address < 0x%x".formatted(from, to));
    }
    for (String event : STAGE2) {
      if (tracefs.has(event)) {
        instance.enable(event, "");
      }
    }
  }

  /**
   * {@return the access that a message tells of, the latest that it can be of; null where the trace
   * does not know of any}
   *
   * @param threadId 0 where the message does not say
   * @param pageSize of the region, bytes
   */
  @Nullable TracedAccess of(int threadId, long address, long pageSize) {
    // The trap comes before the message is queued: it has been recorded.
    boolean isMore = take();
    TracedAccess found = find(threadId, address, pageSize);
    while (found == null && isMore) {
      isMore = take();
      found = find(threadId, address, pageSize);
    }
    return found;
  }

  private @Nullable TracedAccess find(int threadId, long address, long pageSize) {
    for (TracedAccess access : unread.reversed()) {
      if (access.explains(threadId, address, pageSize)) {
        // Its thread sleeps since: what it did before is over.
        unread.removeIf(each -> each.threadId() == access.threadId());
        return access;
      }
    }
    return null;
  }

  /** {@return whether there was more to take} */
  private boolean take() {
    try {
      String text = instance.take();
      String all = rest + text;
      int end = all.lastIndexOf('\n') + 1;
      rest = all.substring(end);
      all.substring(0, end).lines().forEach(this::add);
      return !text.isEmpty();
    } catch (LinuxException gone) {
      // The instance was taken away under our hands: what it does not tell is not known.
      return false;
    }
  }

  private void add(String line) {
    TracedAccess access = parser.parse(line);
    if (access != null) {
      if (unread.size() == MOST) {
        unread.removeFirst();
      }
      unread.addLast(access);
    }
  }

  /** Stops tracing; nothing is left in the kernel. */
  @Override
  public void close() {
    try (tracefs) {
      instance.close();
    } catch (IOException left) {
      // The next one to open sweeps what could not be removed.
    }
  }
}
