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

  private final Recorder recorder;
  private final PageFacts facts;
  private final SimClock clock;
  private final long tickNs;
  private final Interruption interruption;
  private final EventDraft draft = new EventDraft();

  Journal(
      Recorder recorder, PageFacts facts, SimClock clock, long tickNs, Interruption interruption) {
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
    start(EventKind.DECIDE, task.actor(), task.cause)
        .detail(reason.code())
        .flags(flagsOf(task) | moreFlags);
    page(vma, page);
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
    return (recorder.stateOf(vma.region, vma.regionPageOf(page)) & PageState.ERROR) != 0;
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
    return sync(EventKind.INSTALL, 0, actor, vma, start, end, cause, false);
  }

  /** Pages of a range were taken away. */
  long hole(HoleKind kind, int actor, Vma vma, long start, long end, long cause) {
    return sync(EventKind.HOLE, kind.code(), actor, vma, start, end, cause, true);
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
      boolean always) {
    long last = cause;
    long at = start;
    while (at < end) {
      int state = facts.of(vma, at);
      if (!always && state == recorder.stateOf(vma.region, vma.regionPageOf(at))) {
        interruption.worked();
        at += PAGE_BYTES;
        continue;
      }
      long runEnd = at + PAGE_BYTES;
      while (runEnd < end
          && facts.of(vma, runEnd) == state
          && (always || recorder.stateOf(vma.region, vma.regionPageOf(runEnd)) != state)) {
        interruption.worked();
        runEnd += PAGE_BYTES;
      }
      start(kind, actor, cause)
          .detail(detail)
          .pages(vma.region, vma.regionPageOf(at), (int) ((runEnd - at) / PAGE_BYTES))
          .change(OWN, state);
      last = append();
      at = runEnd;
    }
    return last;
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
  long written(Task caller, MemoryFile file, long page) {
    start(EventKind.KERNEL, caller.actor(), caller.lastRead)
        .detail(KernelEventKind.FILE_WRITE.code());
    for (Vma vma : file.mappings) {
      long at = vma.addressOf(page);
      if (at < vma.addressOf(page + 1)) {
        page(vma, at);
        break;
      }
    }
    return append();
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
