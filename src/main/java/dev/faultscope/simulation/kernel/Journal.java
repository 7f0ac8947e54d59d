package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Errno;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what the kernel does: one place that knows how a step becomes events, their causes
 * and their page states.
 *
 * <p>States are never worked out twice: after a change the journal compares what {@link PageFacts}
 * reads off the kernel with what is recorded, and appends the difference.
 */
final class Journal {
  /** Every bit that {@link PageFacts} knows of; a change also takes ERROR away. */
  private static final int OWN = PageState.ALL & ~PageState.HELD;

  private static final int HERE = PageState.CACHED | PageState.MAPPED;

  /** In place of a byte: the access does not pass here. */
  static final int NOTHING_PASSES = -1;

  private final Recorder recorder;
  private final PageFacts facts;
  private final PageBytes bytes;
  private final boolean tellsBytes;
  private final SimClock clock;
  private final long tickNs;
  private final Interruption interruption;
  private final EventDraft draft = new EventDraft();

  Journal(
      Recorder recorder,
      PageFacts facts,
      PageBytes bytes,
      SimClock clock,
      long tickNs,
      Interruption interruption) {
    this.bytes = bytes;
    tellsBytes = recorder.keepsContents();
    this.interruption = interruption;
    this.recorder = recorder;
    this.facts = facts;
    this.clock = clock;
    this.tickNs = tickNs;
  }

  Recorder recorder() {
    return recorder;
  }

  private EventDraft start(EventKind kind, int actor, long cause) {
    return draft.of(kind, clock.nowNs()).actor(actor).cause(cause);
  }

  private long append() {
    long sequence = recorder.append(draft);
    clock.advance(tickNs);
    return sequence;
  }

  private static int flagsOf(Task task) {
    return (task.write ? EventFlags.WRITE : 0) | (task.isKernelMode() ? EventFlags.KERNEL_MODE : 0);
  }

  private void page(@Nullable Vma vma, long address) {
    if (vma != null) {
      draft.pages(vma.region, vma.regionPageOf(address), 1);
    }
  }

  void touch(Task task) {
    interruption.worked();
    start(EventKind.TOUCH, task.actor(), 0).detail(task.origin.code()).flags(flagsOf(task));
    page(task.mm.find(task.address), task.address);
    task.cause = append();
  }

  void retry(Task task) {
    task.stallNs += clock.nowNs() - task.asleepSinceNs;
    start(EventKind.RETRY, task.actor(), task.cause).flags(flagsOf(task));
    page(task.mm.find(task.address), task.address);
    task.cause = append();
  }

  void decide(Task task, DecideReason reason, @Nullable Vma vma, long page, int moreFlags) {
    decide(task, reason, vma, page, moreFlags, NOTHING_PASSES);
  }

  /**
   * The kernel decides about an access.
   *
   * @param value the byte that a load sees where this lets it pass, for a store any; {@link
   *     #NOTHING_PASSES} where it does not pass yet
   */
  void decide(
      Task task, DecideReason reason, @Nullable Vma vma, long page, int moreFlags, int value) {
    start(EventKind.DECIDE, task.actor(), task.cause)
        .detail(reason.code())
        .flags(flagsOf(task) | moreFlags);
    page(vma, page);
    if (value != NOTHING_PASSES && vma != null && task.bytes > 0) {
      int offset = (int) (task.address % PAGE_BYTES);
      draft.content(offset, task.bytes, task.write ? task.value : value);
      task.told = true;
    }
    task.cause = append();
  }

  void enqueue(Waiter waiter, Vma vma) {
    Task task = waiter.task;
    waiter.sinceNs = clock.nowNs();
    task.asleepSinceNs = waiter.sinceNs;
    int state = facts.of(vma, waiter.page);
    start(EventKind.ENQUEUE, task.actor(), task.cause)
        .flags(flagsOf(task) | messageFlags(waiter.message))
        .change(OWN, state);
    page(vma, waiter.page);
    waiter.enqueued = append();
    task.cause = waiter.enqueued;
  }

  private static int messageFlags(UffdMessage message) {
    return ((message.flags() & UffdMessage.FLAG_WRITE) != 0 ? EventFlags.WRITE : 0)
        | ((message.flags() & UffdMessage.FLAG_MINOR) != 0 ? EventFlags.MINOR : 0)
        | ((message.flags() & UffdMessage.FLAG_WP) != 0 ? EventFlags.WP : 0);
  }

  void read(Waiter waiter, Task reader) {
    Vma vma = waiter.task.mm.find(waiter.page);
    start(EventKind.READ, reader.actor(), waiter.enqueued).flags(messageFlags(waiter.message));
    if (vma != null) {
      draft.change(OWN, facts.of(vma, waiter.page));
      page(vma, waiter.page);
    }
    reader.lastRead = append();
    waiter.readSequence = reader.lastRead;
  }

  /** A waiter's thread wakes; the waiter has left its queue. */
  void wake(Waiter waiter, long cause) {
    Task task = waiter.task;
    Vma vma = task.mm.find(waiter.page);
    start(EventKind.WAKE, task.actor(), cause).flags(messageFlags(waiter.message));
    if (vma != null) {
      draft.change(OWN, facts.of(vma, waiter.page));
      page(vma, waiter.page);
    }
    task.cause = append();
  }

  long call(Task caller, UffdIoctl ioctl, Mm mm, long start, long bytes, int flags) {
    start(EventKind.CALL, caller.actor(), caller.lastRead).detail(ioctl.code()).flags(flags);
    range(mm, start, bytes);
    return append();
  }

  /**
   * An ioctl returns.
   *
   * @param failedAt the page that it failed on, or -1
   */
  void returned(
      Task caller,
      UffdIoctl ioctl,
      long call,
      Mm mm,
      long start,
      long bytes,
      int flags,
      Errno errno,
      long failedAt) {
    Vma failed = failedAt < 0 ? null : mm.find(failedAt);
    if (failed != null && !hasError(failed, failedAt)) {
      // The page that stopped it carries the error, in an event of its own: its neighbours are as
      // they were.
      start(EventKind.INSTALL, caller.actor(), call)
          .change(0, PageState.ERROR)
          .errno(errno.number());
      page(failed, failedAt);
      append();
    }
    start(EventKind.IOCTL, caller.actor(), call)
        .detail(ioctl.code())
        .flags(flags)
        .errno(errno.number());
    range(mm, start, bytes);
    append();
  }

  private boolean hasError(Vma vma, long page) {
    return (recorded(vma, page) & PageState.ERROR) != 0;
  }

  /** The part of a range that lies in the mapping at its start; nothing where there is none. */
  private void range(Mm mm, long start, long bytes) {
    Vma vma = mm.find(start);
    if (vma != null && bytes > 0) {
      long from = start & -PAGE_BYTES;
      long end = start + bytes < start ? vma.end : Math.min(start + bytes, vma.end);
      draft.pages(
          vma.region, vma.regionPageOf(from), (int) ((end - from + PAGE_BYTES - 1) / PAGE_BYTES));
    }
  }

  /**
   * Page facts of a range changed; pages that did not are left out. {@return the last event's
   * number, or the cause}
   */
  long install(int actor, Vma vma, long start, long end, long cause) {
    return sync(EventKind.INSTALL, 0, actor, vma, start, end, cause, false, true);
  }

  /**
   * A fault mapped pages. It brings no bytes: they are zeros or were told when they came; and what
   * the access itself stores is told already.
   */
  long mapped(int actor, Vma vma, long start, long end, long cause) {
    return sync(EventKind.INSTALL, 0, actor, vma, start, end, cause, false, false);
  }

  /** Pages of a range were taken away. */
  long hole(HoleKind kind, int actor, Vma vma, long start, long end, long cause) {
    return sync(EventKind.HOLE, kind.code(), actor, vma, start, end, cause, true, true);
  }

  /** Stage 2 lost pages of a range; where the host has them, and their bytes, stays as it was. */
  void zapped(int actor, Vma vma, long start, long end, long cause) {
    int detail = HoleKind.STAGE2_ZAP.code();
    sync(EventKind.HOLE, detail, actor, vma, start, end, cause, true, false);
  }

  /**
   * Stage-2 entries of a range were set, by one entry perhaps: one event says so of all its pages.
   *
   * @param clear facts that the pages lose
   * @param set facts that they gain then
   */
  long entries(int actor, Vma vma, long start, long end, int clear, int set, long cause) {
    start(EventKind.INSTALL, actor, cause)
        .pages(vma.region, vma.regionPageOf(start), (int) ((end - start) / PAGE_BYTES))
        .change(clear, set);
    return append();
  }

  /**
   * A step of a fault that a guest has with KVM itself. Where no mapping holds its page, that is
   * not known.
   */
  long guest(
      EventKind kind, int detail, Task task, int flags, @Nullable Vma vma, long page, long cause) {
    guestStep(kind, detail, task, flags, vma, page, cause);
    if (vma != null && (kind == EventKind.ENQUEUE || kind == EventKind.WAKE)) {
      draft.change(OWN, facts.of(vma, page));
    }
    return append();
  }

  /**
   * KVM decides about such a fault so that the access passes.
   *
   * @param value the byte that it sees, of a store the one that it writes
   */
  long guestPasses(
      DecideReason reason,
      Task task,
      int flags,
      @Nullable Vma vma,
      long address,
      long cause,
      int value) {
    guestStep(EventKind.DECIDE, reason.code(), task, flags, vma, address & -PAGE_BYTES, cause);
    if (vma != null) {
      draft.content((int) (address % PAGE_BYTES), 1, value);
    }
    return append();
  }

  private void guestStep(
      EventKind kind, int detail, Task task, int flags, @Nullable Vma vma, long page, long cause) {
    start(kind, task.actor(), cause)
        .detail(detail)
        .flags(flags | (vma == null ? EventFlags.PAGE_UNKNOWN : 0));
    page(vma, page);
  }

  /** A vCPU leaves the guest for KVM, or enters it. */
  long crosses(Task task, ExitReason how) {
    start(EventKind.EXIT, task.actor(), 0).detail(how.code());
    return append();
  }

  /** Pages of a file changed: says so in every mapping of it but one that has been told. */
  void syncFile(MemoryFile file, long page, long pages, @Nullable Vma told, int actor, long cause) {
    List<Vma> mappings = file.mappings;
    for (int i = 0; i < mappings.size(); i++) {
      Vma vma = mappings.get(i);
      if (vma == told) {
        continue;
      }
      long from = vma.addressOf(page);
      long to = vma.addressOf(page + pages);
      if (from < to) {
        install(actor, vma, from, to, cause);
      }
    }
  }

  private long sync(
      EventKind kind,
      int detail,
      int actor,
      Vma vma,
      long start,
      long end,
      long cause,
      boolean always,
      boolean tells) {
    long last = cause;
    long at = start;
    while (at < end) {
      int state = facts.of(vma, at);
      int recorded = recorded(vma, at);
      if (!always && state == recorded) {
        interruption.worked();
        at += PAGE_BYTES;
        continue;
      }
      int gained = state & ~recorded;
      long runEnd = at + PAGE_BYTES;
      while (runEnd < end && facts.of(vma, runEnd) == state) {
        recorded = recorded(vma, runEnd);
        if (!always && state == recorded) {
          break;
        }
        interruption.worked();
        gained |= state & ~recorded;
        runEnd += PAGE_BYTES;
      }
      start(kind, actor, cause)
          .detail(detail)
          .pages(vma.region, vma.regionPageOf(at), (int) ((runEnd - at) / PAGE_BYTES))
          .change(OWN, state);
      // Pages that are somewhere now where they were not: their bytes are news.
      boolean left = kind == EventKind.HOLE && (state & HERE) != 0;
      if (tells && tellsBytes && ((gained & HERE) != 0 || left)) {
        bytes.tell(draft, vma, at, runEnd);
      }
      last = append();
      at = runEnd;
    }
    return last;
  }

  private int recorded(Vma vma, long page) {
    return recorder.stateOf(vma.region, vma.regionPageOf(page));
  }

  /** Pages of a region are gone with their mapping: nothing is known of them any more. */
  long gone(HoleKind kind, int actor, Vma vma, long start, long end, long cause) {
    start(EventKind.HOLE, actor, cause)
        .detail(kind.code())
        .pages(vma.region, vma.regionPageOf(start), (int) ((end - start) / PAGE_BYTES))
        .change(OWN, 0);
    return append();
  }

  long kernel(
      KernelEventKind kind, int actor, @Nullable Vma vma, long start, long end, long cause) {
    start(EventKind.KERNEL, actor, cause).detail(kind.code());
    if (vma != null && end > start) {
      draft.pages(vma.region, vma.regionPageOf(start), (int) ((end - start) / PAGE_BYTES));
    }
    return append();
  }

  /**
   * Somebody calls write(2) on a file, which is an event whether page facts change or not. It is
   * told of the page where a mapping shows it, in the first that does.
   */
  long written(Task caller, MemoryFile file, long page, int from, int to, int value) {
    start(EventKind.KERNEL, caller.actor(), caller.lastRead)
        .detail(KernelEventKind.FILE_WRITE.code());
    Vma shown = null;
    for (Vma vma : file.mappings) {
      if (shown == null && shows(vma, page)) {
        shown = vma;
        page(vma, vma.addressOf(page));
        draft.content(from, to - from, value);
      }
    }
    long call = append();
    bytesChanged(file, page, shown, caller.actor(), call, from, to, value);
    return call;
  }

  /** Bytes of a file's page changed: says so in every mapping that shows it but one. */
  void bytesChanged(
      MemoryFile file,
      long page,
      @Nullable Vma told,
      int actor,
      long cause,
      int from,
      int to,
      int value) {
    for (Vma vma : file.mappings) {
      if (vma != told && shows(vma, page) && from < to) {
        start(EventKind.INSTALL, actor, cause).content(from, to - from, value);
        page(vma, vma.addressOf(page));
        append();
      }
    }
  }

  /** {@return whether a page of the mapping's file is what it shows there, and not a copy} */
  private static boolean shows(Vma vma, long page) {
    long at = vma.addressOf(page);
    if (at >= vma.addressOf(page + 1)) {
      return false;
    }
    int pte = vma.mm.pte(at);
    return !Pte.isPresent(pte) || Pte.folio(pte) == vma.backingFile().folio(page);
  }

  long region(RegionChange change, int actor, Vma vma, long start, long end, long cause) {
    start(EventKind.REGION, actor, cause)
        .detail(change.code())
        .pages(vma.region, vma.regionPageOf(start), (int) ((end - start) / PAGE_BYTES));
    return append();
  }

  void exit(Task task, ExitReason reason, @Nullable Vma vma, long page, int errno) {
    start(EventKind.EXIT, task.actor(), task.cause)
        .detail(reason.code())
        .flags(flagsOf(task))
        .errno(errno);
    page(vma, page);
    task.cause = append();
  }
}
