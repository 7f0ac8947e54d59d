package dev.faultscope.live.origin;

import dev.faultscope.linux.SleepingThread;
import dev.faultscope.live.attach.GuestRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says who touched the page of a fault: the vCPU's stage 2, KVM itself, a system call, or the
 * thread in user mode; and when. Who is read off the kernel stack of the thread that sleeps for it,
 * which names the function as well; when, and which thread where its message does not say, is told
 * by the kernel's trace events. For the handler's thread.
 */
public final class Origins implements AutoCloseable {
  /**
   * What is known of an access.
   *
   * @param origin who made it
   * @param threadId the kernel's number of the thread, 0 where neither message nor trace tells
   * @param beganNs when it trapped, as {@code System.nanoTime()} counts; {@link #NOT_TRACED} where
   *     that is not known
   */
  public record Access(StackOrigin origin, int threadId, long beganNs) {
    static final long NOT_TRACED = Long.MIN_VALUE;

    public boolean isTraced() {
      return beganNs != NOT_TRACED;
    }
  }

  /** Threads looked at where a message does not name its own. */
  private static final int MOST_THREADS = 64;

  /** A burst of this much work is done before the share of the time counts. */
  private static final long MOST_CREDIT_NS = 50_000_000;

  /** Looks at a thread until it sleeps; each takes some microseconds. */
  private static final int MOST_LOOKS = 100;

  private final int pid;
  private final boolean readable;
  private final List<String> whyNot = new ArrayList<>();
  private final @Nullable AccessTrace trace;
  private final double share;
  private long creditNs = MOST_CREDIT_NS;
  private long creditedNs = System.nanoTime();

  /**
   * @param share of the time that looking may take, 0 to 1: some fifty microseconds a fault
   */
  public Origins(int pid, List<GuestRegion> regions, double share) {
    this.pid = pid;
    this.share = share;
    boolean asked = share > 0;
    readable = asked && isReadable();
    if (asked && !readable) {
      whyNot.add(
          "who touched a page is not told: kernel stacks may not be read here, which takes"
              + " CAP_SYS_ADMIN");
    }
    trace = asked ? trace(regions) : null;
  }

  private @Nullable AccessTrace trace(List<GuestRegion> regions) {
    if (pid <= 0) {
      whyNot.add("when a page was touched is not told: the peer is of another pid namespace");
      return null;
    }
    try {
      return AccessTrace.open(pid, regions);
    } catch (IOException refused) {
      whyNot.add(
          "when a page was touched is not told: no trace instance can be made here, which takes"
              + " root and tracefs ("
              + refused.getMessage()
              + ")");
      return null;
    }
  }

  private static boolean isReadable() {
    try {
      return !Files.readString(Path.of("/proc/self/stack")).isEmpty();
    } catch (IOException denied) {
      return false;
    }
  }

  /** {@return what cannot be told and why, with the remedy; nothing where nobody asked} */
  public List<String> whyNot() {
    return List.copyOf(whyNot);
  }

  /**
   * {@return what is known of the access that a thread sleeps for; little where nobody asked,
   * {@link #whyNot} says why not, or faults come so thick that the share is used up}
   *
   * @param threadId 0 where the message does not say: then the trace does, or it is known if one
   *     thread alone sleeps
   * @param address what the message says
   * @param pageSize of the region, bytes
   */
  public Access of(int threadId, long address, long pageSize) {
    if ((trace == null && !readable) || !hasCredit()) {
      return new Access(StackOrigin.UNKNOWN, threadId, Access.NOT_TRACED);
    }
    Access found = look(threadId, address, pageSize);
    creditNs -= System.nanoTime() - creditedNs;
    return found;
  }

  private boolean hasCredit() {
    long now = System.nanoTime();
    creditNs = Math.min(MOST_CREDIT_NS, creditNs + (long) ((now - creditedNs) * share));
    creditedNs = now;
    return share >= 1 || creditNs > 0;
  }

  private Access look(int threadId, long address, long pageSize) {
    TracedAccess traced = trace == null ? null : trace.of(threadId, address, pageSize);
    return traced == null
        ? new Access(onStack(threadId), threadId, Access.NOT_TRACED)
        : new Access(onStack(traced.threadId()), traced.threadId(), traced.beganNs());
  }

  private StackOrigin onStack(int threadId) {
    if (!readable) {
      return StackOrigin.UNKNOWN;
    }
    return threadId == 0 ? ofTheOnlySleeper() : ofSleeper(threadId);
  }

  /** The message is queued before its thread falls asleep: one that runs yet is let do so. */
  private StackOrigin ofSleeper(int threadId) {
    for (int look = 0; look < MOST_LOOKS; look++) {
      List<String> stack = SleepingThread.stackOf(pid, threadId);
      if (!stack.isEmpty()) {
        return StackOrigin.of(stack);
      }
      Thread.yield();
    }
    return StackOrigin.UNKNOWN;
  }

  private StackOrigin ofTheOnlySleeper() {
    try {
      List<SleepingThread> sleeping = SleepingThread.of(pid, MOST_THREADS).sleeping();
      return sleeping.size() == 1
          ? StackOrigin.of(sleeping.getFirst().stack())
          : StackOrigin.UNKNOWN;
    } catch (IOException gone) {
      return StackOrigin.UNKNOWN;
    }
  }

  @Override
  public void close() {
    if (trace != null) {
      trace.close();
    }
  }
}
