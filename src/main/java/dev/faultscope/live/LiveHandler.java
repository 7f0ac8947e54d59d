package dev.faultscope.live;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.EventFd;
import dev.faultscope.linux.Fd;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.PidFd;
import dev.faultscope.linux.Poll;
import dev.faultscope.linux.UffdMessage;
import dev.faultscope.linux.UffdMessages;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.Region;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.Recorder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers the faults of one peer until the peer leaves or {@link #stop} is called.
 *
 * <p>What each answer of the kernel means is the rule of every handler: EEXIST, the page is there,
 * so wake; EAGAIN, a layout change waits to be read, so read and try again from where it stopped;
 * ENOENT, the range is gone; ESRCH, the process is gone; EFAULT on CONTINUE, the page left the
 * cache, so fill it anew. A page that was removed, or that was filled once and is missing again, is
 * filled with zeros and not with the file's old content.
 */
public final class LiveHandler implements LiveControl, AutoCloseable {
  private static final int MESSAGES = 64;
  private static final int COMMANDS = 256;
  private static final int POLL_MS = 200;
  private static final int RETRY_MS = 1;
  private static final int MOST_RETRIES = 200;
  private static final long RETRY_PAUSE_NS = 20_000;
  private static final long ZEROS = 2 << 20;

  /** An address where no process has memory. */
  private static final long NOWHERE = 8;

  private final Peer peer;
  private final @Nullable MemoryFile memory;
  private final FaultPolicy policy;
  private final LiveOptions options;
  private final Userfaultfd uffd;
  private final Scribe scribe;
  private final List<RegionPages> regions = new ArrayList<>();
  private final UffdMessages messages = new UffdMessages(MESSAGES);
  private final EventFd bell;
  private final ArrayBlockingQueue<Runnable> commands = new ArrayBlockingQueue<>(COMMANDS);
  private final long startedNs = System.nanoTime();

  /**
   * Faults that could not be answered yet: answers are refused while a layout change is under way.
   */
  private final Set<WaitingFault> deferred = new LinkedHashSet<>();

  private final Set<WaitingFault> held = new LinkedHashSet<>();
  private volatile List<WaitingFault> heldSnapshot = List.of();
  private Predicate<WaitingFault> holds = fault -> false;
  private final ArrayDeque<Long> workingSet = new ArrayDeque<>();
  private @Nullable Mapping zeros;

  private final Map<String, Long> messageCounts = new TreeMap<>();
  private final Map<String, Long> ioctlCounts = new TreeMap<>();
  private final Latencies readToIoctl = new Latencies();
  private final Latencies ioctlTimes = new Latencies();
  private long pagesInstalled;
  private long pagesRemoved;
  private long released;
  private long faultAllMicros = -1;

  private volatile boolean stopRequested;
  private volatile boolean ended;
  private boolean peerGone;
  private String end = "stopped";

  /**
   * Which pages of a region, in the region's own page size, were filled and which were given back.
   */
  private static final class RegionPages {
    final GuestRegion region;
    final int index;
    final int unit;
    final int count;
    final int modes;
    final BitSet present = new BitSet();
    final BitSet removed = new BitSet();
    int prefaultFrom;

    RegionPages(GuestRegion region, int index, int modes) {
      this.region = region;
      this.index = index;
      this.modes = modes;
      unit = (int) (region.pageSize() / Region.PAGE_BYTES);
      count = (int) (region.size() / region.pageSize());
    }

    long address(int page) {
      return region.base() + page * region.pageSize();
    }

    int firstPageOf(long address) {
      return (int) ((address - region.base()) / region.pageSize());
    }
  }

  /** What became of an attempt to fill. */
  private enum Outcome {
    DONE,
    LATER,
    FAILED
  }

  /**
   * Prepares a handler; {@link #run} does the work.
   *
   * @param memory what missing pages are filled from; none for a peer whose memory is all in the
   *     page cache, or to fill with zeros
   * @param recorder where everything goes that is seen and done; used by the running thread only
   */
  public LiveHandler(
      Peer peer,
      @Nullable MemoryFile memory,
      FaultPolicy policy,
      LiveOptions options,
      Recorder recorder)
      throws LinuxException {
    this.peer = peer;
    this.memory = memory;
    this.policy = policy;
    this.options = options;
    uffd = peer.uffd();
    bell = new EventFd();
    scribe = new Scribe(recorder, startedNs, peer);
    Map<GuestRegion, PeerMemory.Facts> facts =
        PeerMemory.look(peer.credentials().pid(), peer.regions());
    for (GuestRegion region : peer.regions()) {
      PeerMemory.Facts fact = facts.get(region);
      regions.add(new RegionPages(region, regions.size(), fact == null ? 0 : fact.modes()));
    }
    if (policy instanceof FaultPolicy.WorkingSet(List<Long> offsets)) {
      workingSet.addAll(offsets);
    }
  }

  /** Answers faults on this thread until the peer leaves or the handler is stopped. */
  public LiveSummary run() {
    String name = peer.name();
    try {
      List<Fd> watched = new ArrayList<>(List.of(uffd.fd(), bell.fd()));
      peer.process().map(PidFd::fd).ifPresent(watched::add);
      loop(new Poll(watched.toArray(Fd[]::new)), watched.size());
      if (!peerGone) {
        leaveInGoodOrder();
      }
    } catch (LinuxException failure) {
      end = failure.getMessage();
    } finally {
      finish();
    }
    return summary(name);
  }

  private void loop(Poll poll, int watched) throws LinuxException {
    while (!stopRequested && !peerGone) {
      boolean idleWork = hasBackgroundWork();
      spin();
      if (!poll.await(idleWork ? 0 : deferred.isEmpty() ? POLL_MS : RETRY_MS)) {
        guardHeld();
        retryDeferred();
        if (idleWork) {
          workInBackground();
        } else if (watched == 2) {
          lookForPeer();
        }
        continue;
      }
      if (poll.isReadable(1) && bell.wasRung()) {
        runCommands();
      }
      if (poll.isBroken(0)) {
        end = "the userfaultfd is broken";
        return;
      }
      int count = uffd.read(messages);
      for (WaitingFault fault : take(count)) {
        meet(fault);
      }
      retryDeferred();
      guardHeld();
      // Last, so that everything a peer raised before it left is on record.
      if (count == 0 && watched > 2 && poll.isReadable(2)) {
        peerGone = true;
        end = "the peer left";
      }
    }
  }

  /**
   * Asks after a process that cannot be held: a copy from nowhere fails either way, but
   * differently.
   */
  private void lookForPeer() {
    GuestRegion region = peer.regions().getFirst();
    if (uffd.copy(region.base(), NOWHERE, region.pageSize(), 0).errno() == Errno.ESRCH) {
      peerGone = true;
      end = "the peer left";
    }
  }

  /** Looks for a message without sleeping, for as long as the options allow. */
  private void spin() throws LinuxException {
    if (options.spin().isZero()) {
      return;
    }
    long until = System.nanoTime() + options.spin().toNanos();
    do {
      int count = uffd.read(messages);
      if (count > 0) {
        for (WaitingFault fault : take(count)) {
          meet(fault);
        }
        until = System.nanoTime() + options.spin().toNanos();
      }
      Thread.onSpinWait();
    } while (System.nanoTime() < until && !stopRequested && commands.isEmpty());
  }

  /** {@return the faults among the messages just read}; layout changes take effect at once. */
  private List<WaitingFault> take(int count) {
    long time = scribe.now();
    List<WaitingFault> faults = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      switch (messages.get(i)) {
        case UffdMessage.Pagefault fault -> {
          tally(
              messageCounts,
              fault.isWriteProtect()
                  ? "fault write-protect"
                  : fault.isMinor() ? "fault minor" : "fault missing");
          RegionPages pages = regionOf(fault.address());
          if (pages == null) {
            scribe.note("a fault at 0x%x lies in no region".formatted(fault.address()));
          } else {
            faults.add(scribe.fault(fault, pages.index, time));
          }
        }
        case UffdMessage.Remove(long start, long stop) -> {
          tally(messageCounts, "remove");
          removed(KernelEventKind.UFFD_REMOVE, start, stop, time);
        }
        case UffdMessage.Unmap(long start, long stop) -> {
          tally(messageCounts, "unmap");
          removed(KernelEventKind.UFFD_UNMAP, start, stop, time);
        }
        case UffdMessage.Remap(long from, long to, long length) -> {
          tally(messageCounts, "remap");
          scribe.kernel(KernelEventKind.UFFD_REMAP);
          scribe.note("%d bytes moved from 0x%x to 0x%x".formatted(length, from, to));
        }
        case UffdMessage.Fork(Fd child) -> {
          tally(messageCounts, "fork");
          scribe.kernel(KernelEventKind.UFFD_FORK);
          // Nobody would answer the child's faults; closed, its memory is ordinary memory.
          child.close();
        }
        case UffdMessage.Unknown(int event) -> {
          tally(messageCounts, "unknown");
          scribe.note("a message of unknown kind " + event);
        }
      }
    }
    return faults;
  }

  private void removed(KernelEventKind event, long start, long stop, long time) {
    for (RegionPages pages : regions) {
      long from = Math.max(start, pages.region.base());
      long to = Math.min(stop, pages.region.base() + pages.region.size());
      if (from < to) {
        int first = pages.firstPageOf(from);
        int behind = pages.firstPageOf(to - 1) + 1;
        pages.present.clear(first, behind);
        pages.removed.set(first, behind);
        pagesRemoved += (to - from) / Region.PAGE_BYTES;
        scribe.removed(
            event,
            pages.index,
            (int) ((from - pages.region.base()) / Region.PAGE_BYTES),
            (int) ((to - from) / Region.PAGE_BYTES),
            time);
      }
    }
  }

  private @Nullable RegionPages regionOf(long address) {
    for (RegionPages pages : regions) {
      if (pages.region.contains(address)) {
        return pages;
      }
    }
    return null;
  }

  private void meet(WaitingFault fault) {
    if (holds.test(fault)) {
      scribe.held(fault);
      held.removeIf(old -> old.actor() == fault.actor());
      held.add(fault);
      publishHeld();
    } else {
      answer(fault);
    }
  }

  private void answer(WaitingFault fault) {
    if (!scribe.waiting().contains(fault)) {
      // Another fault's answer woke it too.
      deferred.remove(fault);
      return;
    }
    Outcome outcome = resolve(fault);
    if (outcome == Outcome.LATER) {
      deferred.add(fault);
    } else {
      deferred.remove(fault);
      if (scribe.waiting().contains(fault) && outcome == Outcome.DONE) {
        wake(fault);
      }
    }
  }

  private Outcome resolve(WaitingFault fault) {
    RegionPages pages = regions.get(fault.region());
    int page = fault.page() / pages.unit;
    if (fault.isWriteProtect()) {
      long entered = scribe.now();
      UffdResult result = uffd.writeProtect(pages.address(page), bytes(pages, 1), false, true);
      done(UffdIoctl.WRITEPROTECT, pages, page, 1, true, result, fault.readSequence(), entered);
      return result.errno() == Errno.EAGAIN ? Outcome.LATER : Outcome.DONE;
    }
    readToIoctl.add(scribe.now() - fault.sinceNs());
    if (policy instanceof FaultPolicy.FaultAll && faultAllMicros < 0) {
      return faultAll(fault);
    }
    int first = page;
    int behind = page + 1;
    if (policy instanceof FaultPolicy.Batch(int most) && !isZeroFill(pages, page, fault)) {
      first = Math.max(page - page % most, pages.present.previousSetBit(page) + 1);
      first = Math.max(first, pages.removed.previousSetBit(page) + 1);
      first = Math.min(first, page);
      behind = Math.min(pages.count, page - page % most + most);
      behind = until(pages.present.nextSetBit(page + 1), behind);
      behind = until(pages.removed.nextSetBit(page + 1), behind);
    }
    return fill(pages, first, behind, kindFor(pages, page, fault), fault.readSequence());
  }

  private static int until(int next, int behind) {
    return next < 0 ? behind : Math.min(next, behind);
  }

  /** Whether a missing page had content and lost it: then it is zeros that the guest should see. */
  private boolean isZeroFill(RegionPages pages, int page, WaitingFault fault) {
    return !fault.isMinor()
        && (memory == null || pages.removed.get(page) || pages.present.get(page));
  }

  private UffdIoctl kindFor(RegionPages pages, int page, WaitingFault fault) {
    if (fault.isMinor()) {
      return UffdIoctl.CONTINUE;
    }
    return isZeroFill(pages, page, fault) ? UffdIoctl.ZEROPAGE : UffdIoctl.COPY;
  }

  private Outcome faultAll(WaitingFault fault) {
    long started = System.nanoTime();
    Outcome worst = Outcome.DONE;
    for (RegionPages pages : regions) {
      UffdIoctl kind = kindInBackground(pages);
      if (kind == UffdIoctl.UNKNOWN) {
        continue;
      }
      int from = nextToFill(pages, 0);
      while (from < pages.count) {
        int behind = runEnd(pages, from, pages.count);
        Outcome outcome = fill(pages, from, behind, kind, fault.readSequence());
        if (outcome != Outcome.DONE) {
          worst = outcome;
          break;
        }
        from = nextToFill(pages, behind);
      }
    }
    if (worst == Outcome.DONE) {
      faultAllMicros = (System.nanoTime() - started) / 1000;
    }
    if (scribe.waiting().contains(fault) && worst == Outcome.DONE) {
      // The page of the fault itself was none of those: it was given back before.
      RegionPages pages = regions.get(fault.region());
      int page = fault.page() / pages.unit;
      return fill(pages, page, page + 1, kindFor(pages, page, fault), fault.readSequence());
    }
    return worst;
  }

  /**
   * Fills pages and wakes who waits for them.
   *
   * @param cause the recording's event that led to it
   */
  private Outcome fill(RegionPages pages, int first, int behind, UffdIoctl kind, long cause) {
    int from = first;
    int retries = 0;
    while (from < behind) {
      long entered = scribe.now();
      UffdResult result = attempt(kind, pages, from, behind - from);
      from += done(kind, pages, from, behind - from, true, result, cause, entered);
      if (result.ok()) {
        return Outcome.DONE;
      }
      if (result.done() > 0) {
        continue;
      }
      switch (result.errno()) {
        case Errno.EEXIST -> {
          pages.present.set(from);
          wakePage(pages, from, cause);
          from++;
        }
        case Errno.EAGAIN -> {
          if (++retries > MOST_RETRIES) {
            return Outcome.LATER;
          }
          if (readMore()) {
            return Outcome.LATER;
          }
          LockSupport.parkNanos(RETRY_PAUSE_NS);
        }
        case Errno.ENOENT -> {
          dropWaiting(pages, from, behind);
          return Outcome.FAILED;
        }
        case Errno.ESRCH -> {
          peerGone = true;
          end = "the peer left";
          return Outcome.FAILED;
        }
        case Errno.ENOMEM -> {
          return Outcome.LATER;
        }
        case Errno.EFAULT -> {
          if (kind != UffdIoctl.CONTINUE) {
            return failed(kind, pages, from, result);
          }
          UffdIoctl instead =
              memory == null || pages.removed.get(from) ? UffdIoctl.ZEROPAGE : UffdIoctl.COPY;
          Outcome outcome = fill(pages, from, from + 1, instead, cause);
          if (outcome != Outcome.DONE) {
            return outcome;
          }
          from++;
        }
        default -> {
          return failed(kind, pages, from, result);
        }
      }
    }
    return Outcome.DONE;
  }

  private Outcome failed(UffdIoctl kind, RegionPages pages, int page, UffdResult result) {
    scribe.note(
        "%s of page %d of region %d: %s".formatted(kind, page, pages.index, result.toString()));
    return Outcome.FAILED;
  }

  private UffdResult attempt(UffdIoctl kind, RegionPages pages, int first, int count) {
    long start = pages.address(first);
    long length = bytes(pages, count);
    return switch (kind) {
      case CONTINUE -> uffd.continueFault(start, length, 0);
      case COPY -> uffd.copy(start, source(pages, first), length, 0);
      case ZEROPAGE ->
          pages.unit > 1
              // The kernel has no zero page of that size.
              ? uffd.copy(start, zeros().address(), pages.region.pageSize(), 0)
              : uffd.zeropage(start, length, 0);
      default -> throw new IllegalArgumentException(kind + " fills nothing");
    };
  }

  private long source(RegionPages pages, int page) {
    MemoryFile file = memory;
    if (file == null) {
      return zeros().address();
    }
    return file.address(pages.region.offset() + page * pages.region.pageSize());
  }

  private Mapping zeros() {
    Mapping known = zeros;
    if (known == null) {
      try {
        long largest =
            regions.stream().mapToLong(pages -> pages.region.pageSize()).max().orElse(ZEROS);
        known = Mapping.anonymous(Math.max(ZEROS, largest));
      } catch (LinuxException failure) {
        throw new IllegalStateException("no memory for a page of zeros", failure);
      }
      zeros = known;
    }
    return known;
  }

  private static long bytes(RegionPages pages, int count) {
    return count * pages.region.pageSize();
  }

  /** Counts and records an ioctl that was made. {@return how many of the region's pages it did} */
  private int done(
      UffdIoctl kind,
      RegionPages pages,
      int first,
      int count,
      boolean wakes,
      UffdResult result,
      long cause,
      long entered) {
    long answered = scribe.now();
    ioctlTimes.add(answered - entered);
    tally(ioctlCounts, kind + (result.ok() ? "" : " " + Errno.name(result.errno())));
    int done4k =
        scribe.ioctl(
            kind,
            pages.index,
            first * pages.unit,
            count * pages.unit,
            wakes,
            result,
            cause,
            entered,
            answered);
    if (!kind.fills()) {
      return 0;
    }
    int done = done4k / pages.unit;
    pagesInstalled += done4k;
    pages.present.set(first, first + done);
    pages.removed.clear(first, first + done);
    return done;
  }

  private void wakePage(RegionPages pages, int page, long cause) {
    scribe.wasPresent(pages.index, page * pages.unit, pages.unit, cause);
    long entered = scribe.now();
    UffdResult result = uffd.wake(pages.address(page), bytes(pages, 1));
    done(UffdIoctl.WAKE, pages, page, 1, true, result, cause, entered);
  }

  private void wake(WaitingFault fault) {
    RegionPages pages = regions.get(fault.region());
    wakePage(pages, fault.page() / pages.unit, fault.readSequence());
  }

  private void dropWaiting(RegionPages pages, int from, int behind) {
    for (WaitingFault fault : List.copyOf(scribe.waiting())) {
      int page = fault.page() / pages.unit;
      if (fault.region() == pages.index && page >= from && page < behind) {
        scribe.lost(fault);
      }
    }
  }

  /**
   * Reads what waits while an answer is refused. {@return whether the layout changed, so that
   * answers must be thought over}
   */
  private boolean readMore() {
    try {
      long before = pagesRemoved;
      UffdMessages outer = messages;
      for (WaitingFault fault : take(uffd.read(outer))) {
        if (holds.test(fault)) {
          scribe.held(fault);
          held.add(fault);
          publishHeld();
        } else {
          deferred.add(fault);
        }
      }
      return pagesRemoved != before;
    } catch (LinuxException failure) {
      scribe.note(failure.getMessage());
      return true;
    }
  }

  private void retryDeferred() {
    if (!deferred.isEmpty()) {
      for (WaitingFault fault : List.copyOf(deferred)) {
        answer(fault);
      }
    }
  }

  private UffdIoctl kindInBackground(RegionPages pages) {
    if ((pages.modes & Region.MINOR) != 0) {
      return UffdIoctl.CONTINUE;
    }
    return memory == null ? UffdIoctl.UNKNOWN : UffdIoctl.COPY;
  }

  private boolean hasBackgroundWork() {
    if (!held.isEmpty() || !deferred.isEmpty()) {
      return false;
    }
    return switch (policy) {
      case FaultPolicy.Prefault _ ->
          regions.stream()
              .anyMatch(
                  pages ->
                      pages.prefaultFrom < pages.count
                          && kindInBackground(pages) != UffdIoctl.UNKNOWN);
      case FaultPolicy.WorkingSet _ -> !workingSet.isEmpty();
      case FaultPolicy.OnDemand _, FaultPolicy.Batch _, FaultPolicy.FaultAll _ -> false;
    };
  }

  private void workInBackground() {
    Long offset = workingSet.poll();
    if (offset != null) {
      for (RegionPages pages : regions) {
        long inside = offset - pages.region.offset();
        if (inside >= 0 && inside < pages.region.size()) {
          int page = (int) (inside / pages.region.pageSize());
          UffdIoctl kind = kindInBackground(pages);
          if (!pages.present.get(page)
              && !pages.removed.get(page)
              && kind != UffdIoctl.UNKNOWN
              && fill(pages, page, page + 1, kind, 0) == Outcome.LATER) {
            workingSet.addFirst(offset);
          }
        }
      }
      return;
    }
    if (policy instanceof FaultPolicy.Prefault(int atOnce)) {
      for (RegionPages pages : regions) {
        UffdIoctl kind = kindInBackground(pages);
        if (pages.prefaultFrom < pages.count && kind != UffdIoctl.UNKNOWN) {
          int from = nextToFill(pages, pages.prefaultFrom);
          int behind = runEnd(pages, from, Math.min(pages.count, from + atOnce));
          if (from >= behind || fill(pages, from, behind, kind, 0) != Outcome.LATER) {
            pages.prefaultFrom = Math.max(behind, from);
          }
          return;
        }
      }
    }
  }

  private static int nextToFill(RegionPages pages, int from) {
    int page = from;
    while (page < pages.count && (pages.present.get(page) || pages.removed.get(page))) {
      page++;
    }
    return page;
  }

  private static int runEnd(RegionPages pages, int from, int most) {
    return until(pages.present.nextSetBit(from), until(pages.removed.nextSetBit(from), most));
  }

  // What a person asks for.

  @Override
  public CompletableFuture<Void> runFreely() {
    return ask(
        () -> {
          holds = fault -> false;
          releaseHeld();
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> hold(Predicate<WaitingFault> which) {
    return ask(
        () -> {
          holds = which;
          return null;
        });
  }

  @Override
  public CompletableFuture<Boolean> step() {
    return ask(
        () -> {
          if (held.isEmpty()) {
            return false;
          }
          WaitingFault oldest = held.iterator().next();
          release(oldest);
          return true;
        });
  }

  @Override
  public CompletableFuture<UffdResult> answer(ByHand byHand) {
    return ask(() -> makeByHand(byHand));
  }

  @Override
  public List<WaitingFault> held() {
    return heldSnapshot;
  }

  @Override
  public void stop() {
    stopRequested = true;
    bell.ring();
  }

  private <T> CompletableFuture<T> ask(Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable command =
        () -> {
          try {
            answer.complete(work.get());
          } catch (RuntimeException failure) {
            answer.completeExceptionally(failure);
          }
        };
    if (ended || !commands.offer(command)) {
      answer.completeExceptionally(
          new IllegalStateException(
              ended ? "the handler has ended" : COMMANDS + " commands wait already"));
    } else {
      bell.ring();
      if (ended) {
        runCommands();
      }
    }
    return answer;
  }

  private void runCommands() {
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
  }

  private UffdResult makeByHand(ByHand byHand) {
    if (ended) {
      throw new IllegalStateException("the handler has ended");
    }
    RegionPages pages = regions.get(byHand.region());
    long start = pages.region.base() + (long) byHand.firstPage() * Region.PAGE_BYTES;
    long length = (long) byHand.pages() * Region.PAGE_BYTES;
    if (byHand.firstPage() < 0
        || byHand.pages() < 1
        || start + length > pages.region.base() + pages.region.size()) {
      throw new IllegalArgumentException("pages outside the region");
    }
    long mode = byHand.mode();
    long entered = scribe.now();
    UffdResult result =
        switch (byHand.ioctl()) {
          case COPY ->
              uffd.copy(start, copySource(pages, byHand.firstPage(), length), length, mode);
          case ZEROPAGE -> uffd.zeropage(start, length, mode);
          case CONTINUE -> uffd.continueFault(start, length, mode);
          case POISON -> uffd.poison(start, length, mode);
          case WRITEPROTECT -> uffd.writeProtect(start, length, (mode & 1) != 0, (mode & 2) == 0);
          case WAKE -> uffd.wake(start, length);
          case UNREGISTER -> uffd.unregister(start, length);
          case REGISTER, MOVE, API, UNKNOWN ->
              throw new IllegalArgumentException(
                  byHand.ioctl() + " cannot be made on another process's memory from here");
        };
    boolean wakes =
        byHand.ioctl() == UffdIoctl.WRITEPROTECT ? mode == 0 : (mode & Userfaultfd.DONTWAKE) == 0;
    int done4k =
        scribe.ioctl(
            byHand.ioctl(),
            pages.index,
            byHand.firstPage(),
            byHand.pages(),
            wakes,
            result,
            0,
            entered,
            scribe.now());
    tally(ioctlCounts, byHand.ioctl() + (result.ok() ? "" : " " + Errno.name(result.errno())));
    if (byHand.ioctl().fills()) {
      pagesInstalled += done4k;
      int first = byHand.firstPage() / pages.unit;
      pages.present.set(first, first + done4k / pages.unit);
      pages.removed.clear(first, first + done4k / pages.unit);
    }
    held.removeIf(fault -> !scribe.waiting().contains(fault));
    publishHeld();
    return result;
  }

  private long copySource(RegionPages pages, int page4k, long length) {
    MemoryFile file = memory;
    if (file != null) {
      return file.address(pages.region.offset() + (long) page4k * Region.PAGE_BYTES);
    }
    if (length > zeros().length()) {
      throw new IllegalArgumentException("at most " + zeros().length() + " bytes of zeros at once");
    }
    return zeros().address();
  }

  private void release(WaitingFault fault) {
    held.remove(fault);
    publishHeld();
    if (scribe.waiting().contains(fault)) {
      scribe.unheld(fault);
      answer(fault);
    }
  }

  private void releaseHeld() {
    for (WaitingFault fault : List.copyOf(held)) {
      release(fault);
    }
  }

  private void publishHeld() {
    heldSnapshot = List.copyOf(held);
  }

  private void guardHeld() {
    Duration limit = options.watchdog();
    if (held.isEmpty() || limit.isZero()) {
      return;
    }
    WaitingFault oldest = held.iterator().next();
    if (scribe.now() - oldest.sinceNs() > limit.toNanos()) {
      released += held.size();
      scribe.note(
          "the watchdog let %d held faults go after %d ms"
              .formatted(held.size(), limit.toMillis()));
      holds = fault -> false;
      releaseHeld();
    }
  }

  // The end.

  /**
   * Answers what waits, fills what lacks and lets go of the memory, so that the peer lives on
   * without a handler.
   */
  private void leaveInGoodOrder() throws LinuxException {
    holds = fault -> false;
    releaseHeld();
    long deadline = System.nanoTime() + options.drain().toNanos();
    boolean complete = fillEverything(deadline);
    if (!complete) {
      end =
          "stopped before all of its memory was filled: the peer's next fault waits for a handler";
      return;
    }
    for (RegionPages pages : regions) {
      UffdResult result = uffd.unregister(pages.region.base(), pages.region.size());
      tally(
          ioctlCounts,
          UffdIoctl.UNREGISTER + (result.ok() ? "" : " " + Errno.name(result.errno())));
      scribe.regionEvent(RegionChange.UNREGISTERED, pages.index);
      // UNREGISTER does not wake those who wait in memory registered MINOR only.
      UffdResult _ = uffd.wake(pages.region.base(), pages.region.size());
    }
    for (WaitingFault fault : List.copyOf(scribe.waiting())) {
      scribe.lost(fault);
    }
  }

  private boolean fillEverything(long deadline) throws LinuxException {
    for (RegionPages pages : regions) {
      if ((pages.modes & Region.MISSING) == 0 && (pages.modes & Region.MINOR) != 0) {
        continue; // The kernel finds it all in the page cache.
      }
      if (memory == null) {
        continue; // Zeros are what the kernel gives.
      }
      int from = nextToFill(pages, 0);
      while (from < pages.count) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        for (WaitingFault fault : take(uffd.read(messages))) {
          answer(fault);
        }
        int behind = runEnd(pages, from, (int) Math.min(pages.count, from + 4096L));
        Outcome outcome = fill(pages, from, behind, UffdIoctl.COPY, 0);
        if (peerGone) {
          return true;
        }
        if (outcome == Outcome.LATER) {
          LockSupport.parkNanos(RETRY_PAUSE_NS);
        }
        from = nextToFill(pages, outcome == Outcome.FAILED ? behind : from);
      }
    }
    for (WaitingFault fault : take(uffd.read(messages))) {
      answer(fault);
    }
    retryDeferred();
    return true;
  }

  private void finish() {
    if (peerGone) {
      scribe.kernel(KernelEventKind.UFFD_CLOSE);
      for (WaitingFault fault : List.copyOf(scribe.waiting())) {
        scribe.lost(fault);
      }
    }
    ended = true;
    held.clear();
    publishHeld();
    runCommands();
  }

  private LiveSummary summary(String name) {
    Collection<GuestRegion> all = peer.regions();
    return new LiveSummary(
        name,
        peer.credentials().pid(),
        end,
        scribe.now() / 1e9,
        all.stream().mapToLong(region -> region.size() / Region.PAGE_BYTES).sum(),
        Map.copyOf(messageCounts),
        Map.copyOf(ioctlCounts),
        pagesInstalled,
        pagesRemoved,
        released,
        faultAllMicros,
        LiveSummary.Quantiles.of(readToIoctl),
        LiveSummary.Quantiles.of(ioctlTimes),
        scribe.recorded(),
        scribe.recordingFailure());
  }

  private static void tally(Map<String, Long> counts, String key) {
    counts.merge(key, 1L, Long::sum);
  }

  /** Gives back what the handler opened itself; the peer is its owner's. */
  @Override
  public void close() {
    bell.close();
    Mapping known = zeros;
    if (known != null) {
      known.close();
    }
  }
}
