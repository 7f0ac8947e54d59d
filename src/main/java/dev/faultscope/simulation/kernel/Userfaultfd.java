package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A userfaultfd's context: features, the queue of unread faults, the faults being handled, and
 * unread events.
 */
public final class Userfaultfd {
  public static final int USER_MODE_ONLY = 1;
  public static final int NONBLOCK = 0x800;
  public static final int CLOEXEC = 0x80000;
  static final int ALL_FLAGS = USER_MODE_ONLY | NONBLOCK | CLOEXEC;

  private final String name;
  private final Mm mm;
  private final int flags;
  private boolean initialised;
  private long features;
  private boolean released;

  final WaitQueue pending = new WaitQueue();
  final WaitQueue handled = new WaitQueue();
  final Deque<EventWait> events = new ArrayDeque<>();
  private int due;

  Userfaultfd(String name, Mm mm, int flags) {
    this.name = name;
    this.mm = mm;
    this.flags = flags;
  }

  public String name() {
    return name;
  }

  Mm mm() {
    return mm;
  }

  int flags() {
    return flags;
  }

  boolean isInitialised() {
    return initialised;
  }

  void initialise(long wanted) {
    initialised = true;
    // The kernel turns WP_ASYNC into WP_UNPOPULATED as well: it must find absent pages too.
    features = (wanted & UffdFeature.WP_ASYNC) != 0 ? wanted | UffdFeature.WP_UNPOPULATED : wanted;
  }

  long features() {
    return features;
  }

  public boolean has(long feature) {
    return (features & feature) != 0;
  }

  boolean isUserModeOnly() {
    return (flags & USER_MODE_ONLY) != 0;
  }

  boolean isNonblocking() {
    return (flags & NONBLOCK) != 0;
  }

  boolean isReleased() {
    return released;
  }

  void release() {
    released = true;
  }

  /** A system call has an event for it, which may come after others' events were read. */
  void eventIsDue() {
    due++;
  }

  /** An event that was due is queued, or nobody is there to read it. */
  void eventCame() {
    due--;
  }

  /**
   * {@return whether an event is unread or due, so that the layout of the address space is in
   * motion}
   */
  boolean isChanging() {
    return due > 0 || !events.isEmpty();
  }

  public boolean isReadable() {
    return !pending.isEmpty() || !events.isEmpty();
  }

  /** {@return faults that nobody has read} */
  public int pendingCount() {
    return pending.size();
  }

  /** {@return every fault asleep here, read or not} */
  public int totalCount() {
    return pending.size() + handled.size();
  }

  /** {@return every fault asleep here: those that nobody has read, then those being handled} */
  public List<QueuedFault> queued() {
    List<QueuedFault> all = new ArrayList<>();
    pending.forEach(waiter -> all.add(queued(waiter)));
    handled.forEach(waiter -> all.add(queued(waiter)));
    return all;
  }

  private static QueuedFault queued(Waiter waiter) {
    Vma vma = waiter.task.mm().find(waiter.page);
    return new QueuedFault(
        waiter.enqueued,
        waiter.uffd.name(),
        vma == null ? Event.NONE : vma.region,
        vma == null ? 0 : vma.regionPageOf(waiter.page),
        waiter.message.address(),
        waiter.message.flags(),
        waiter.task.actor(),
        waiter.read,
        waiter.readSequence,
        waiter.sinceNs);
  }

  void enqueue(Waiter waiter) {
    pending.add(waiter);
    mm.waiters.add(waiter);
  }

  /** {@return the oldest unread fault, from now on being handled} */
  @Nullable Waiter take() {
    Waiter waiter = pending.first();
    if (waiter != null) {
      pending.remove(waiter);
      waiter.read = true;
      handled.add(waiter);
    }
    return waiter;
  }

  /** Forgets a fault: its thread goes on. */
  void leave(Waiter waiter) {
    (waiter.read ? handled : pending).remove(waiter);
    mm.waiters.remove(waiter);
  }

  /**
   * {@return faults whose message lies in a range, in the order the kernel wakes them: unread ones
   * first}
   */
  List<Waiter> waitersIn(long start, long bytes) {
    if (totalCount() == 0) {
      return List.of();
    }
    if (bytes == PAGE_BYTES && !has(UffdFeature.EXACT_ADDRESS)) {
      Waiter waiter = mm.waiters.firstAt(start);
      if (waiter == null) {
        return List.of();
      }
      if (Waiters.nextAt(waiter) == null) {
        return waiter.uffd == this ? List.of(waiter) : List.of();
      }
    }
    List<Waiter> found = new ArrayList<>();
    addIn(pending, start, bytes, found);
    addIn(handled, start, bytes, found);
    return found;
  }

  private static void addIn(WaitQueue queue, long start, long bytes, List<Waiter> found) {
    for (Waiter waiter = queue.first(); waiter != null; waiter = waiter.after) {
      long offset = waiter.message.address() - start;
      if (offset >= 0 && offset < bytes) {
        found.add(waiter);
      }
    }
  }
}
