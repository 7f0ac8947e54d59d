package dev.faultscope.trace.ftrace;

import static dev.faultscope.model.Region.PAGE_SHIFT;

import dev.faultscope.model.ExitReason;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import org.jspecify.annotations.Nullable;

/**
 * Puts lines into the window and ties those that belong together: an ioctl's entry and return, a
 * fault and the next sign of life of its thread.
 */
final class LineLinker {
  private final LineWindow window;
  private final AddressMap map;
  private @Nullable Call newestAnswer;
  private boolean protectsSeen;

  LineLinker(LineWindow window, AddressMap map) {
    this.window = window;
    this.map = map;
  }

  /** Takes in a line; the window has room. */
  void add(LineEvent event) {
    ThreadTrack thread = event.thread;
    long index = window.head();
    Line line = window.push();
    line.set(index, event);
    if (thread == null) {
      return;
    }
    switch (event.kind) {
      case FAULT, GUEST_FAULT -> fault(line, event, thread);
      case TABLE_WALK -> thread.walk = thread.newest == null ? line : null;
      case FRAME_MAPPED -> frameMapped(line, thread);
      case IOCTL_ENTER -> enter(line, event, thread);
      case IOCTL_EXIT -> exit(line, event, thread);
      case HOLE_ENTER -> {
        progress(thread, index);
        thread.inHole = true;
      }
      case HOLE_EXIT -> {
        progress(thread, index);
        line.errno = EventFields.errnoOf(event.value);
        thread.inHole = false;
      }
      case VM_EXIT -> {
        progress(thread, index);
        boolean forMemory =
            event.detail == ExitReason.STAGE2_FAULT.code()
                || event.detail == ExitReason.STAGE2_MISCONFIG.code();
        thread.exit = forMemory ? index : -1;
      }
      case MMIO, EMULATED -> {
        device(line, event, thread);
        progress(thread, index);
      }
      case VM_ENTRY -> {
        thread.exit = -1;
        progress(thread, index);
      }
      case USERSPACE_EXIT, SPTE_SET -> progress(thread, index);
      case SPTE_CHANGED, FAST_FAULT, LEAF_SPLIT, ASYNC_FAULT, UNMAPPED, AGED, ZAP_ALL -> {}
      case SWITCH, OTHER -> {}
    }
  }

  /**
   * {@return the exit for memory that a thread has not told the fault of, while it is held back}
   */
  private @Nullable Line exitOf(ThreadTrack thread) {
    long exit = thread.exit;
    thread.exit = -1;
    return exit >= window.tail() ? window.get(exit) : null;
  }

  /** A marker in stage 2 names no page when it is met: what follows does. */
  private void device(Line line, LineEvent event, ThreadTrack thread) {
    if (thread.exit < window.tail() || event.address == 0) {
      return;
    }
    Line exit = window.get(thread.exit);
    if (exit.detail != ExitReason.STAGE2_MISCONFIG.code()) {
      return;
    }
    thread.exit = -1;
    int region = map.ofGpa(line.address);
    int page = region < 0 ? 0 : map.region(region).pageOfGpa(line.address);
    PendingFault pending =
        new PendingFault(
            thread, line.index, line.timeNs, region, page, true, line.address, event.write);
    pending.verdict = region < 0 ? PendingFault.Verdict.OUTSIDE : PendingFault.Verdict.PRESENT;
    line.pending = pending;
    exit.raises = line;
  }

  private void fault(Line line, LineEvent event, ThreadTrack thread) {
    boolean guest = event.kind == LineKind.GUEST_FAULT;
    int region = guest ? map.ofGpa(event.address) : map.ofHva(event.address);
    int page = 0;
    if (region >= 0) {
      Region where = map.region(region);
      page = guest ? where.pageOfGpa(event.address) : where.pageOfHva(event.address);
    }
    PendingFault pending =
        new PendingFault(
            thread, line.index, line.timeNs, region, page, guest, line.address, event.write);
    pending.verdict = verdictOf(event, region);
    line.pending = pending;
    Line exit = guest ? exitOf(thread) : null;
    if (exit != null) {
      exit.raises = line;
    }
    PendingFault before = thread.newest;
    if (pending.verdict == PendingFault.Verdict.MAY_NOT_SLEEP) {
      // The kernel falls back to an access that may sleep: that one's line comes next.
      progress(thread, line.index);
      return;
    }
    if (before != null && region >= 0 && before.isAt(region, page)) {
      pending.earlier = before;
    } else {
      progress(thread, line.index);
    }
    thread.newest = pending;
    thread.walk = null;
  }

  private PendingFault.Verdict verdictOf(LineEvent event, int region) {
    if (region < 0) {
      return PendingFault.Verdict.OUTSIDE;
    }
    if (event.mayNotSleep) {
      return PendingFault.Verdict.MAY_NOT_SLEEP;
    }
    if (!map.isRegistered(region)) {
      return PendingFault.Verdict.KERNEL;
    }
    boolean writeProtected =
        event.write && (protectsSeen || (map.region(region).modes() & Region.WP) != 0);
    return event.present && !writeProtected
        ? PendingFault.Verdict.PRESENT
        : PendingFault.Verdict.UNDECIDED;
  }

  /**
   * Shadow paging says which frame was mapped only after the wait: the walk before it was the
   * access.
   */
  private void frameMapped(Line line, ThreadTrack thread) {
    Line walk = thread.walk;
    thread.walk = null;
    int region = map.ofGpa(line.address);
    if (walk != null && thread.newest == null && region >= 0 && walk.index >= window.tail()) {
      int page = map.region(region).pageOfGpa(line.address);
      PendingFault pending =
          new PendingFault(thread, walk.index, walk.timeNs, region, page, true, line.address, true);
      pending.verdict =
          map.isRegistered(region) ? PendingFault.Verdict.UNDECIDED : PendingFault.Verdict.KERNEL;
      pending.progress = line.index;
      walk.pending = pending;
    }
    progress(thread, line.index);
  }

  private void enter(Line line, LineEvent event, ThreadTrack thread) {
    progress(thread, line.index);
    line.ended = thread.openCall;
    if (line.ended != null) {
      line.ended.exitLine = line.index;
      thread.openCall = null;
    }
    if (!UffdIoctl.isCommand(event.value)) {
      return;
    }
    UffdIoctl ioctl = UffdIoctl.ofCommand(event.value);
    Call call = new Call(thread, ioctl, line.index, line.timeNs);
    line.call = call;
    thread.openCall = call;
    if (event.argumentsKnown) {
      arguments(call, event);
    }
    if (ioctl == UffdIoctl.WRITEPROTECT) {
      protectsSeen = true;
    }
    if (ioctl.fills()) {
      if (newestAnswer != null) {
        newestAnswer.nextEnter = line.index;
      }
      newestAnswer = call;
    }
  }

  private void arguments(Call call, LineEvent event) {
    int region = map.ofHva(event.address);
    call.exact = true;
    if (region >= 0) {
      Region where = map.region(region);
      call.region = region;
      call.page = where.pageOfHva(event.address);
      long pages = Math.max(1, event.length >>> PAGE_SHIFT);
      call.pages = (int) Math.min(pages, where.pages() - call.page);
    }
    // The mode is where the first words of the argument end; after a source it comes later.
    if (call.ioctl.source() == UffdIoctl.Source.NONE) {
      call.mode = event.mode & call.ioctl.allModes();
    }
  }

  private void exit(Line line, LineEvent event, ThreadTrack thread) {
    progress(thread, line.index);
    Call call = thread.openCall;
    if (call == null) {
      return;
    }
    thread.openCall = null;
    call.errno = EventFields.errnoOf(event.value);
    call.exitLine = line.index;
    line.call = call;
    line.errno = call.errno;
  }

  private void progress(ThreadTrack thread, long index) {
    PendingFault pending = thread.newest;
    thread.newest = null;
    while (pending != null) {
      pending.progress = index;
      PendingFault earlier = pending.earlier;
      pending = earlier;
    }
  }
}
