package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Event;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.Recorder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine's kernel as far as memory faults go. Deterministic: the same calls give the same
 * events.
 *
 * <p>Threads are {@link Task}s. A call runs until every thread it concerns sleeps or is done;
 * threads woken by it are handed to the {@link WakeListener}, who decides when they run again.
 * Without one they queue, and {@link #settle} runs them.
 */
public final class Kernel {
  /** More runs than this without sleeping is a mistake of ours, not of the scenario. */
  private static final int MAX_RUNS = 1_000_000;

  /** Told what may go on. */
  public interface WakeListener {
    /** A thread was woken: somebody is to call {@link Kernel#resume} some time. */
    void woken(Task task);

    /** A userfaultfd has something to read. */
    void readable(Userfaultfd uffd);
  }

  private final KernelConfig config;
  private final SimClock clock;
  private final Folios folios = new Folios();
  private final PageFacts facts = new PageFacts(folios);
  private final Counters counters = new Counters();
  private final Journal journal;
  private final FaultPath faults;
  private final UffdCalls uffdCalls;
  private final MemoryCalls memoryCalls;
  private final GuestPages guestPages;
  private final List<InvalidationListener> invalidations = new ArrayList<>();
  private final List<Mm> mms = new ArrayList<>();
  private final List<MemoryFile> files = new ArrayList<>();
  private final List<Task> tasks = new ArrayList<>();
  private final List<Userfaultfd> uffds = new ArrayList<>();
  private final Deque<Task> ready = new ArrayDeque<>();
  private final Set<Task> storming = new LinkedHashSet<>();
  private @Nullable WakeListener listener;
  private int regions;

  /**
   * @param tickNs how far each event moves the clock; 0 where somebody else does
   */
  public Kernel(KernelConfig config, Recorder recorder, SimClock clock, long tickNs) {
    this.config = config;
    this.clock = clock;
    journal = new Journal(recorder, facts, clock, tickNs);
    faults = new FaultPath(this);
    uffdCalls = new UffdCalls(this);
    memoryCalls = new MemoryCalls(this);
    guestPages = new GuestPages(this);
  }

  public KernelConfig config() {
    return config;
  }

  public SimClock clock() {
    return clock;
  }

  public Counters counters() {
    return counters;
  }

  /** {@return the ioctls of a userfaultfd, and its read, poll and close} */
  public UffdCalls uffd() {
    return uffdCalls;
  }

  /** {@return the system calls that change memory} */
  public MemoryCalls memory() {
    return memoryCalls;
  }

  /** {@return pages as KVM sees them} */
  public GuestPages guestPages() {
    return guestPages;
  }

  public List<Task> tasks() {
    return tasks;
  }

  public void listener(WakeListener wakes) {
    listener = wakes;
  }

  public void addOverlay(PageOverlay overlay) {
    facts.add(overlay);
  }

  public void addInvalidationListener(InvalidationListener invalidation) {
    invalidations.add(invalidation);
  }

  // Making things

  public Mm newProcess(String name) {
    Mm mm = new Mm(name);
    mms.add(mm);
    return mm;
  }

  public Task newTask(String name, ActorKind kind, int vcpu, Mm mm) {
    int index = tasks.size();
    Task task = new Task(name, 1000 + index, index, mm);
    journal.recorder().actor(new Actor(index, kind, name, task.tid(), vcpu));
    tasks.add(task);
    return task;
  }

  public MemoryFile newFile(MemoryFile.Kind kind, String name, long bytes) {
    return newFile(kind, name, bytes, true, true);
  }

  /**
   * @param mappable whether it may be mapped (guest_memfd: FLAG_MMAP)
   * @param initShared whether the host may touch it (guest_memfd: INIT_SHARED)
   */
  public MemoryFile newFile(
      MemoryFile.Kind kind, String name, long bytes, boolean mappable, boolean initShared) {
    MemoryFile file = new MemoryFile(kind, name, bytes, mappable, initShared);
    files.add(file);
    return file;
  }

  Userfaultfd newUffd(String name, Mm mm, int flags) {
    Userfaultfd uffd = new Userfaultfd(name, mm, flags);
    uffds.add(uffd);
    return uffd;
  }

  int newRegion(Region region) {
    journal.recorder().region(region);
    return regions++;
  }

  int nextRegion() {
    return regions;
  }

  // Running threads

  /** Lets an idle thread make one access and runs it as far as it goes. */
  public void access(Task task, long address, boolean write, int value, AccessOrigin origin) {
    requireIdle(task);
    task.address = address;
    task.write = write;
    task.value = value;
    task.origin = origin;
    journal.touch(task);
    begin(task, AccessWork.ONE);
  }

  /** Lets an idle thread start something and runs it as far as it goes. */
  public void begin(Task task, Work work) {
    requireIdle(task);
    task.ending = Task.Ending.NONE;
    task.mayWait = true;
    task.interruptible = true;
    task.work = work;
    work.run(this, task);
  }

  private static void requireIdle(Task task) {
    if (task.state != Task.State.IDLE) {
      throw new IllegalStateException(task.name() + " is " + task.state + ", it cannot start");
    }
  }

  /** One try of an access on behalf of some work. Its end is the work's business. */
  public Outcome attempt(Task task, long address, boolean write, int value, AccessOrigin origin) {
    task.address = address;
    task.write = write;
    task.value = value;
    task.origin = origin;
    return faults.attempt(task);
  }

  /** Notes that a thread now touches a page. */
  public void touch(Task task, long address, boolean write, AccessOrigin origin) {
    task.address = address;
    task.write = write;
    task.origin = origin;
    journal.touch(task);
  }

  /** Notes that a woken thread tries its access again. */
  public void retry(Task task) {
    journal.retry(task);
  }

  Outcome attempt(Task task) {
    return faults.attempt(task);
  }

  /** A woken thread runs again, its access from scratch. */
  public void resume(Task task) {
    if (task.state != Task.State.READY) {
      return;
    }
    task.state = Task.State.IDLE;
    Work work = task.work;
    if (work == null) {
      return;
    }
    work.run(this, task);
  }

  /** Runs woken threads until none is left. */
  public void settle() {
    for (int runs = 0; !ready.isEmpty(); runs++) {
      if (runs == MAX_RUNS) {
        throw new IllegalStateException("threads keep waking each other");
      }
      resume(ready.remove());
    }
  }

  void wakeUp(Task task) {
    if (task.state == Task.State.EXITED) {
      return;
    }
    task.state = Task.State.READY;
    task.waiter = null;
    storming.remove(task);
    if (listener != null) {
      listener.woken(task);
    } else {
      ready.add(task);
    }
  }

  void readable(Userfaultfd uffd) {
    if (listener != null) {
      listener.readable(uffd);
    }
  }

  /**
   * Sends a thread a signal it handles. In a user-mode fault the handler runs and the instruction
   * faults again. In a kernel-mode fault the thread cannot sleep while the signal is pending: see
   * {@link #stormPass}.
   */
  public void signal(Task task) {
    journal.kernel(KernelEventKind.SIGNAL, task.actor(), null, 0, 0, task.cause);
    Waiter waiter = task.waiter;
    if (task.state != Task.State.BLOCKED || waiter == null) {
      if (task.isAsleep() || task.state == Task.State.READY) {
        task.signalPending = true;
      } else {
        task.signalsHandled++;
      }
      return;
    }
    if (!task.isKernelMode()) {
      task.signalsHandled++;
      interrupt(waiter);
    } else if (task.interruptible) {
      task.signalPending = true;
      interrupt(waiter);
    } else {
      task.signalPending = true;
    }
  }

  private void interrupt(Waiter waiter) {
    waiter.uffd.leave(waiter);
    journal.wake(waiter, waiter.task.cause);
    wakeUp(waiter.task);
  }

  /** A thread with a pending signal queued another message and does not really sleep. */
  void stormed(Task task) {
    storming.add(task);
  }

  /**
   * Every thread that a pending signal keeps from sleeping faults once more. The real kernel does
   * so as fast as it can. {@return whether there was one}
   */
  public boolean stormPass() {
    boolean any = false;
    for (Task task : List.copyOf(storming)) {
      Waiter waiter = task.waiter;
      if (task.state == Task.State.BLOCKED && waiter != null) {
        interrupt(waiter);
        any = true;
      }
    }
    return any;
  }

  /** Ends a thread, asleep or not. */
  public void kill(Task task) {
    Waiter waiter = task.waiter;
    task.state = Task.State.EXITED;
    task.work = null;
    storming.remove(task);
    if (waiter != null) {
      task.waiter = null;
      waiter.uffd.leave(waiter);
      journal.wake(waiter, task.cause);
    }
    for (Userfaultfd uffd : uffds) {
      uffd.events.removeIf(event -> event.task() == task);
    }
  }

  /** Notes that a vCPU left the guest. */
  public void exitToVmm(Task task, ExitReason reason, long address, Errno errno) {
    journal.exit(task, reason, task.mm.find(address), address & -PAGE_BYTES, errno.number());
  }

  /**
   * Page facts that an overlay adds have changed.
   *
   * @param by whose doing it was, null where that is not known
   */
  public void overlayChanged(@Nullable Task by, Mm mm, long start, long end) {
    int actor = by == null ? Event.NONE : by.actor();
    for (Vma vma : mm.in(start, end)) {
      journal.install(actor, vma, Math.max(start, vma.start), Math.min(end, vma.end), 0);
    }
  }

  /** Notes a decision about an access that the fault path did not see. */
  public void decide(Task task, DecideReason reason, long address) {
    journal.decide(task, reason, task.mm.find(address), address & -PAGE_BYTES, 0);
  }

  // Pages

  /** Puts a folio behind a page that has none; a write-protect marker carries over. */
  void map(Vma vma, long page, int folio, boolean writable) {
    int old = vma.mm.pte(page);
    boolean protect = Pte.has(old, Pte.MARKER_WP) && vma.hasWp();
    folios.reference(folio);
    vma.mm.pte(
        page,
        Pte.of(folio, protect ? Pte.UFFD_WP : writable && folio != Folios.ZERO ? Pte.WRITABLE : 0));
  }

  /** Takes the folio from behind a page; markers go too. */
  void unmap(Vma vma, long page) {
    int pte = vma.mm.pte(page);
    vma.mm.pte(page, Pte.NONE);
    if (Pte.isPresent(pte)) {
      folios.release(Pte.folio(pte));
    }
  }

  void fillCache(MemoryFile file, long page, int folio) {
    file.insert(page, folio, folios);
    if (file.kind() == MemoryFile.Kind.GUEST_MEMFD) {
      folios.prepare(folio);
    }
  }

  void announceUnmap(Mm mm, long start, long end) {
    for (int i = 0; i < invalidations.size(); i++) {
      invalidations.get(i).unmapped(mm, start, end);
    }
  }

  void announceFree(MemoryFile file, long page, long pages) {
    for (int i = 0; i < invalidations.size(); i++) {
      invalidations.get(i).freed(file, page, pages);
    }
  }

  /**
   * {@return the byte that a read would see now without a fault's help, -1 where nothing is mapped}
   */
  int peek(Mm mm, long address) {
    Vma vma = mm.find(address);
    if (vma == null) {
      return -1;
    }
    long page = address & -PAGE_BYTES;
    int pte = mm.pte(page);
    if (Pte.isPresent(pte)) {
      return folios.get(Pte.folio(pte), (int) (address - page));
    }
    int cached = vma.file == null ? 0 : vma.file.folio(vma.filePageOf(page));
    return cached == 0 ? 0 : folios.get(cached, (int) (address - page));
  }

  /** Completes a store over the whole page at an address, whose first byte was just written. */
  public void fillPage(Task task, long address, int value) {
    int pte = task.mm().pte(address & -PAGE_BYTES);
    if (!Pte.has(pte, Pte.WRITABLE)) {
      throw new IllegalStateException("the page was not written first");
    }
    folios.fill(Pte.folio(pte), 0, PAGE_BYTES, value);
  }

  /** {@return how many pages of a range are present in the page table} */
  public int mappedPages(Mm mm, long start, long end) {
    int count = 0;
    for (long page = start; page < end; page += PAGE_BYTES) {
      count += mm.pte(page) & Pte.PRESENT;
    }
    return count;
  }

  /** {@return whether the page's entry is write-protected by a userfaultfd, or marked to be} */
  public boolean isWriteProtected(Mm mm, long address) {
    return Pte.has(mm.pte(address & -PAGE_BYTES), Pte.UFFD_WP | Pte.MARKER_WP);
  }

  /** {@return whether the page's entry is present} */
  public boolean isMapped(Mm mm, long address) {
    return Pte.isPresent(mm.pte(address & -PAGE_BYTES));
  }

  /** Takes a long-term pin on the page at an address, which must be mapped. */
  public void pin(Mm mm, long address) {
    int pte = mm.pte(address & -PAGE_BYTES);
    if (!Pte.isPresent(pte)) {
      throw new IllegalArgumentException("only a mapped page can be pinned");
    }
    folios.pin(Pte.folio(pte));
  }

  Folios folios() {
    return folios;
  }

  Journal journal() {
    return journal;
  }

  PageFacts facts() {
    return facts;
  }

  List<Mm> mms() {
    return mms;
  }

  List<MemoryFile> files() {
    return files;
  }

  /** {@return every userfaultfd, in the order in which they were opened} */
  public List<Userfaultfd> userfaultfds() {
    return Collections.unmodifiableList(uffds);
  }

  List<Userfaultfd> uffds() {
    return uffds;
  }
}
