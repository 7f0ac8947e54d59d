package dev.faultscope.live.handler;

import dev.faultscope.linux.Linux;
import dev.faultscope.linux.UffdMessage;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.attach.PeerMemory;
import dev.faultscope.live.origin.OriginCounts;
import dev.faultscope.live.origin.Origins;
import dev.faultscope.live.origin.StackOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.CallResult;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.PageEffect;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.LatencyHistogram;
import dev.faultscope.timeline.Recorder;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns what a handler sees and does into events, and keeps the faults that wait. For the handler's
 * thread.
 *
 * <p>The kernel shows a fault when it is read and not before: the access, the decision and the
 * queueing are marked as concluded, with the time of the reading. Where the access was traced, it
 * has the time of its trap (or of what was told last, where that came later), and so have the two
 * that follow within a microsecond.
 */
final class LiveJournal {
  private final Recorder recorder;
  private final long originNs;
  private final EventDraft draft = new EventDraft();
  private final ActorRegistry actors;
  private final int handler;
  private final int firstRegion;
  private final List<GuestRegion> regions;
  private final List<PageEffect.Memory> memories = new ArrayList<>();
  private final LatencyHistogram accessToRead = new LatencyHistogram();
  private final LatencyHistogram readToIoctl = new LatencyHistogram();
  private final LatencyHistogram ioctlTimes = new LatencyHistogram();
  private final OriginCounts counts = new OriginCounts();
  private final WaitingFaults waiting = new WaitingFaults();
  private long unrecorded;
  private long lastRecorded;
  private String recordingFailure = "";

  /**
   * Declares a peer's regions and the handler.
   *
   * @param originNs {@code System.nanoTime()} at time 0
   */
  LiveJournal(Recorder recorder, long originNs, Peer peer) {
    this.recorder = recorder;
    recorder.kernel(new KernelProfile(Linux.release(), Map.of()));
    this.originNs = originNs;
    regions = peer.regions();
    firstRegion = 0;
    actors = new ActorRegistry(recorder, 0, peer.credentials().pid());
    handler = actors.declare(ActorKind.HANDLER, "handler", -1, -1);
    Map<GuestRegion, PeerMemory.Facts> facts = PeerMemory.look(peer.credentials().pid(), regions);
    for (int i = 0; i < regions.size(); i++) {
      GuestRegion region = regions.get(i);
      PeerMemory.Facts fact = facts.getOrDefault(region, new PeerMemory.Facts(Backing.UNKNOWN, 0));
      memories.add(new PageEffect.Memory(fact.backing(), fact.modes(), PageEffect.Kernel.PLAIN));
      recorder.region(
          new Region(
              firstRegion + i,
              "guest-ram" + (regions.size() > 1 ? "-" + i : ""),
              region.base(),
              region.gpa() < 0 ? Region.NO_GPA : region.gpa(),
              Math.toIntExact(region.size() / Region.PAGE_BYTES),
              fact.backing(),
              fact.modes(),
              false,
              // What was there before the first message nobody has told.
              PageState.UNKNOWN));
    }
    for (int i = 0; i < regions.size(); i++) {
      regionEvent(RegionChange.REGISTERED, i);
    }
  }

  long now() {
    return at(System.nanoTime());
  }

  /** {@return the recording's time when {@code System.nanoTime()} was this} */
  long at(long nanoTime) {
    return nanoTime - originNs;
  }

  Backing backing(int region) {
    return memories.get(region).backing();
  }

  /** {@return faults that wait, oldest first} */
  List<WaitingFault> waiting() {
    return waiting.all();
  }

  /** {@return since when the oldest of them waits; a time that never comes if none does} */
  long waitsSince() {
    return waiting.oldestNs();
  }

  /** {@return the READ of the oldest fault that waits for one of these pages, 0 for none} */
  long reasonFor(int region, int page, int count) {
    WaitingFault fault = waiting.firstOf(region, page, count);
    return fault == null ? 0 : fault.readSequence();
  }

  /** {@return whether a fault's thread still sleeps, as far as is known} */
  boolean isWaiting(WaitingFault fault) {
    return waiting.contains(fault);
  }

  /** {@return events recorded} */
  long recorded() {
    return unrecorded == 0 ? recorder.lastSequence() : lastRecorded;
  }

  void note(String text) {
    if (unrecorded == 0) {
      recorder.note(text);
    }
  }

  void regionEvent(RegionChange change, int region) {
    append(
        draft
            .of(EventKind.REGION, now())
            .detail(change.code())
            .pages(firstRegion + region, 0, pagesOf(region)));
  }

  private int pagesOf(int region) {
    return Math.toIntExact(regions.get(region).size() / Region.PAGE_BYTES);
  }

  /** A message was read, of an access of which this is known. */
  WaitingFault fault(UffdMessage.Pagefault message, int region, long time, Origins.Access access) {
    int page = (int) ((message.address() - regions.get(region).base()) / Region.PAGE_BYTES);
    int actor = actors.of(access.threadId());
    StackOrigin origin = access.origin();
    long began = access.isTraced() ? at(access.beganNs()) : time;
    if (access.isTraced()) {
      accessToRead.add(time - began);
    }
    String found = counts.add(origin);
    if (!found.isEmpty()) {
      note(found);
    }
    int flags =
        (message.isWrite() ? EventFlags.WRITE : 0)
            | (message.isMinor() ? EventFlags.MINOR : 0)
            | (message.isWriteProtect() ? EventFlags.WP : 0);
    int bits =
        (message.isMinor() ? PageState.MINOR : 0)
            | (message.isWriteProtect() ? PageState.WP_FAULT : 0);
    long touch =
        append(
            on(EventKind.TOUCH, began, region, page, 1)
                .detail(origin.origin().code())
                .flags(access.isTraced() ? flags : flags | EventFlags.INFERRED)
                .actor(actor));
    long decide =
        append(
            on(EventKind.DECIDE, began, region, page, 1)
                .detail(reason(message, backing(region)).code())
                .flags(flags | EventFlags.INFERRED)
                .actor(actor)
                .cause(touch));
    long enqueue =
        append(
            on(EventKind.ENQUEUE, began, region, page, 1)
                .flags(flags | EventFlags.INFERRED)
                .actor(actor)
                .change(0, PageState.QUEUED | bits)
                .cause(decide));
    long read =
        append(
            on(EventKind.READ, time, region, page, 1)
                .flags(flags)
                .actor(handler)
                .change(PageState.QUEUED, PageState.READ | bits)
                .cause(enqueue));
    WaitingFault fault =
        new WaitingFault(
            enqueue,
            read,
            region,
            page,
            message.address(),
            message.flags(),
            actor,
            access.threadId(),
            time,
            origin);
    waiting.add(fault);
    return fault;
  }

  private static DecideReason reason(UffdMessage.Pagefault message, Backing backing) {
    if (message.isWriteProtect()) {
      return DecideReason.WRITE_PROTECTED;
    }
    if (message.isMinor()) {
      return DecideReason.CACHED_MINOR;
    }
    return backing == Backing.ANON ? DecideReason.ANON_MISSING : DecideReason.ABSENT_MISSING;
  }

  void held(WaitingFault fault) {
    append(
        on(EventKind.INSTALL, now(), fault.region(), fault.page(), 1)
            .actor(handler)
            .change(0, PageState.HELD)
            .cause(fault.readSequence()));
  }

  void unheld(WaitingFault fault) {
    append(
        on(EventKind.INSTALL, now(), fault.region(), fault.page(), 1)
            .actor(handler)
            .change(PageState.HELD, 0)
            .cause(fault.readSequence()));
  }

  /**
   * The handler's ioctl on pages of a region, entered and answered at these times: what it did to
   * them lies between its call and its return, as in the kernel. {@return the pages it did}
   */
  int ioctl(
      UffdIoctl ioctl,
      long mode,
      int region,
      int page,
      int count,
      UffdResult result,
      long cause,
      long entered,
      long answered) {
    ioctlTimes.add(answered - entered);
    int flags = ioctl.isDontWake(mode) ? EventFlags.DONTWAKE : 0;
    long call =
        append(
            on(EventKind.CALL, entered, region, page, count)
                .detail(ioctl.code())
                .flags(flags)
                .actor(handler)
                .cause(cause));
    CallResult came = CallResult.of(ioctl, count, result.errno(), result.field());
    List<PageEffect.Run> runs =
        PageEffect.over(ioctl, mode, came, memories.get(region), i -> stateOf(region, page + i));
    for (PageEffect.Run run : runs) {
      took(run, region, page + run.first(), result.errno(), call, entered, answered);
    }
    if (ioctl == UffdIoctl.UNREGISTER && result.ok()) {
      append(
          on(EventKind.REGION, answered, region, page, count)
              .detail(RegionChange.UNREGISTERED.code())
              .actor(handler)
              .cause(call));
    }
    append(
        on(EventKind.IOCTL, answered, region, page, count)
            .detail(ioctl.code())
            .flags(flags)
            .actor(handler)
            .errno(result.errno())
            .cause(call));
    return came.done();
  }

  private int stateOf(int region, int page) {
    return recorder.stateOf(firstRegion + region, page);
  }

  private void took(
      PageEffect.Run run, int region, int page, int errno, long call, long entered, long time) {
    PageEffect effect = run.effect();
    if (effect.changesPage()) {
      append(
          on(EventKind.INSTALL, time, region, page, run.pages())
              .flags(effect.isInferred() ? EventFlags.INFERRED : 0)
              .actor(handler)
              .change(effect.clear() & ~PageState.WAITING, effect.set())
              .errno((effect.set() & PageState.ERROR) == 0 ? 0 : errno)
              .cause(call));
    }
    if (effect.endsWaits()) {
      wake(region, page, run.pages(), call, entered, time);
    }
  }

  /** A page turned out to be there already. */
  void wasPresent(int region, int page, int count, long cause) {
    append(
        on(EventKind.INSTALL, now(), region, page, count)
            .flags(EventFlags.INFERRED)
            .actor(handler)
            .change(PageState.ERROR, PageState.MAPPED)
            .cause(cause));
  }

  private void wake(int region, int page, int count, long cause, long entered, long answered) {
    for (WaitingFault woken = waiting.firstOf(region, page, count);
        woken != null;
        woken = waiting.firstOf(region, page, count)) {
      readToIoctl.add(entered - woken.sinceNs());
      end(woken, 0, cause, answered);
    }
  }

  private void end(WaitingFault fault, int flags, long cause, long time) {
    waiting.remove(fault);
    append(
        on(EventKind.WAKE, time, fault.region(), fault.page(), 1)
            .flags(flags)
            .actor(fault.actor())
            .change(stillWaited(fault) ? 0 : PageState.WAITING | PageState.ERROR, 0)
            .cause(cause));
    actors.release(fault.actor());
  }

  private boolean stillWaited(WaitingFault fault) {
    return waiting.firstOf(fault.region(), fault.page(), 1) != null;
  }

  /** The thread of a fault no longer sleeps for a reason we did not see. */
  void lost(WaitingFault fault) {
    end(fault, EventFlags.INFERRED, 0, now());
  }

  /** The peer gave pages back. */
  void removed(KernelEventKind event, int region, int page, int count, long time) {
    long cause = append(on(EventKind.KERNEL, time, region, page, count).detail(event.code()));
    HoleKind how = event == KernelEventKind.UFFD_UNMAP ? HoleKind.UNMAP : HoleKind.UNKNOWN;
    hole(how, region, page, count, time, cause);
  }

  /** Pages went. Of a shared file, MADV_DONTNEED takes them from the page table alone. */
  void hole(HoleKind how, int region, int page, int count, long time, long cause) {
    Backing backing = memories.get(region).backing();
    boolean staysCached =
        how == HoleKind.DONTNEED && (backing == Backing.MEMFD || backing == Backing.HUGETLB);
    append(
        on(EventKind.HOLE, time, region, page, count)
            .detail(how.code())
            .change(
                PageState.MAPPED
                    | PageState.DIRTY
                    | PageState.ZERO
                    | PageState.POISONED
                    | PageState.UFFD_WP
                    | (staysCached ? 0 : PageState.CACHED),
                0)
            .cause(cause));
  }

  void kernel(KernelEventKind event) {
    append(draft.of(EventKind.KERNEL, now()).detail(event.code()).flags(EventFlags.PAGE_UNKNOWN));
  }

  private EventDraft on(EventKind kind, long time, int region, int page, int count) {
    return draft.of(kind, time).pages(firstRegion + region, page, count);
  }

  /** A recording that cannot be written any more is given up; the guest is served on. */
  private long append(EventDraft event) {
    if (unrecorded == 0) {
      try {
        return recorder.append(event);
      } catch (UncheckedIOException failure) {
        recordingFailure = String.valueOf(failure.getMessage());
        lastRecorded = recorder.lastSequence();
      }
    }
    return lastRecorded + ++unrecorded;
  }

  /** {@return from the accesses that were traced to the reading of their messages} */
  LatencyHistogram accessToRead() {
    return accessToRead;
  }

  /** {@return from reading a message to the ioctl that woke its thread} */
  LatencyHistogram readToIoctl() {
    return readToIoctl;
  }

  /** {@return how long ioctls took} */
  LatencyHistogram ioctlTimes() {
    return ioctlTimes;
  }

  /** {@return how often each was found to have touched a page} */
  Map<String, Long> origins() {
    return counts.all();
  }

  /** {@return why recording ended before the run did; empty if it did not} */
  String recordingFailure() {
    return recordingFailure;
  }
}
