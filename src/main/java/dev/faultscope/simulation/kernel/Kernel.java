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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
  /** Told what may go on. */
  public interface WakeListener {
    /** A thread was woken: somebody is to call {@link Kernel#resume} some time. */
    void woken(Task task);

    /** A userfaultfd has something to read. */
    void readable(Userfaultfd uffd);
  }

  private final KernelConfig config;
  private final SimClock clock;
  private final Interruption interruption;
  private final Folios folios = new Folios();
  private final Pages pages;
  private final PageFacts facts = new PageFacts(folios);
  private final Counters counters = new Counters();
  private final Journal journal;
  private final HugePages hugePages;
  private final FaultPath faults;
  private final Threads threads;
  private final UffdCalls uffdCalls;
  private final MemoryCalls memoryCalls;
  private final GuestPages guestPages;
  private final List<Mm> mms = new ArrayList<>();
  private final List<MemoryFile> files = new ArrayList<>();
  private final List<Task> tasks = new ArrayList<>();
  private final List<Userfaultfd> uffds = new ArrayList<>();
  private int regions;

  /**
   * @param tickNs how far each event moves the clock; 0 where somebody else does
   */
  public Kernel(KernelConfig config, Recorder recorder, SimClock clock, long tickNs) {
    this(config, recorder, clock, tickNs, new Interruption(Interruption.NEVER));
  }

  /**
   * @param tickNs how far each event moves the clock; 0 where somebody else does
   * @param interruption by which a call can be broken off
   */
  public Kernel(
      KernelConfig config,
      Recorder recorder,
      SimClock clock,
      long tickNs,
      Interruption interruption) {
    this.config = config;
    this.clock = clock;
    this.interruption = interruption;
    pages = new Pages(folios, interruption);
    recorder.kernel(config.profile());
    journal = new Journal(recorder, facts, new PageBytes(folios), clock, tickNs, interruption);
    hugePages = new HugePages(this);
    faults = new FaultPath(this);
    threads = new Threads(this);
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

  /** {@return by which whatever happens here can be broken off} */
  public Interruption interruption() {
    return interruption;
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
    threads.listener(wakes);
  }

  public void addOverlay(PageOverlay overlay) {
    facts.add(overlay);
  }

  public void addInvalidationListener(InvalidationListener invalidation) {
    pages.add(invalidation);
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

  /** {@return what tells the faults that a vCPU's thread has with KVM itself} */
  public GuestFault newGuestFault(Task task) {
    return new GuestFault(this, task);
  }

  // Running threads

  /** Lets an idle thread make one access and runs it as far as it goes. */
  public void access(Task task, long address, boolean write, int value, AccessOrigin origin) {
    access(task, address, write, value, origin, 1);
  }

  /** Starts a store over the whole page at an address. */
  public void storePage(Task task, long address, int value, AccessOrigin origin) {
    access(task, address & -PAGE_BYTES, true, value, origin, (int) PAGE_BYTES);
  }

  private void access(
      Task task, long address, boolean write, int value, AccessOrigin origin, int bytes) {
    requireIdle(task);
    task.bytes = bytes;
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

  /** {@return whether a present page can be written without a fault, where its mapping can} */
  boolean mayWriteAtOnce(Vma vma, long page, int pte) {
    return faults.mayWriteAtOnce(vma, page, pte);
  }

  Outcome attempt(Task task) {
    return faults.attempt(task);
  }

  /** A woken thread runs again, its access from scratch. */
  public void resume(Task task) {
    threads.resume(task);
  }

  /** Runs woken threads until none is left. */
  public void settle() {
    threads.settle();
  }

  /**
   * Sends a thread a signal it handles. In a user-mode fault the handler runs and the instruction
   * faults again. In a kernel-mode fault the thread cannot sleep while the signal is pending: see
   * {@link #stormPass}.
   */
  public void signal(Task task) {
    threads.signal(task);
  }

  /**
   * Every thread that a pending signal keeps from sleeping faults once more. The real kernel does
   * so as fast as it can. {@return whether there was one}
   */
  public boolean stormPass() {
    return threads.stormPass();
  }

  /** Ends a thread, asleep or not. */
  public void kill(Task task) {
    threads.kill(task);
    for (Userfaultfd uffd : uffds) {
      uffd.events.removeIf(event -> event.task() == task);
    }
  }

  Threads threads() {
    return threads;
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

  /**
   * Notes a decision about an access that the fault path did not see and that passes.
   *
   * @param value the byte that it sees, of a store the one that it writes
   */
  public void pass(Task task, DecideReason reason, long address, boolean write, int value) {
    task.address = address;
    task.write = write;
    task.value = value;
    task.bytes = 1;
    journal.decide(task, reason, task.mm.find(address), address & -PAGE_BYTES, 0, value);
  }

  /** Notes a decision about an access that the fault path did not see. */
  public void decide(Task task, DecideReason reason, long address) {
    journal.decide(task, reason, task.mm.find(address), address & -PAGE_BYTES, 0);
  }

  // Pages

  /** {@return how many pages of a range are present in the page table} */
  public int mappedPages(Mm mm, long start, long end) {
    return count(mm, start, end, Pte.PRESENT);
  }

  /** {@return how many pages of a range a userfaultfd protects, or has marked to be} */
  public int protectedPages(Mm mm, long start, long end) {
    return count(mm, start, end, Pte.UFFD_WP | Pte.MARKER_WP);
  }

  private static int count(Mm mm, long start, long end, int bits) {
    int count = 0;
    for (Vma vma : mm.in(start, end)) {
      long from = Math.max(start & -PAGE_BYTES, vma.start);
      long to = Math.min(end, vma.end);
      for (long page = from; page < to; page += PAGE_BYTES) {
        count += Pte.has(mm.pte(page), bits) ? 1 : 0;
      }
    }
    return count;
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

  HugePages hugePages() {
    return hugePages;
  }

  Pages pages() {
    return pages;
  }

  /**
   * Records that a thread runs or sleeps, which is decided outside the kernel.
   *
   * @param what SCHED_IN or SCHED_OUT_SLEEP
   */
  public void tell(KernelEventKind what, Task task) {
    journal.kernel(what, task.actor(), null, 0, 0, 0);
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
