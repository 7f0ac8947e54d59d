package dev.faultscope.live.handler;

import dev.faultscope.linux.UffdResult;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Region;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.policy.UffdPort;

/**
 * Makes ioctls on a peer's memory, as a plan wants them or a person; each is counted and recorded.
 * For the handler's thread.
 */
final class Ioctls implements UffdPort {
  /** An address where no process has memory. */
  private static final long NOWHERE = 8;

  private static final UffdResult OK = new UffdResult(0, 0);

  private final Userfaultfd uffd;
  private final FillSource source;
  private final PeerPages guest;
  private final LiveJournal journal;
  private final Tallies tallies;
  private final RunEnd end;

  private UffdResult last = OK;
  private long cause;

  Ioctls(
      Userfaultfd uffd,
      FillSource source,
      PeerPages guest,
      LiveJournal journal,
      Tallies tallies,
      RunEnd end) {
    this.uffd = uffd;
    this.source = source;
    this.guest = guest;
    this.journal = journal;
    this.tallies = tallies;
    this.end = end;
  }

  /** Says which of the recording's events the next calls are there for, 0 for none. */
  void because(long event) {
    cause = event;
  }

  @Override
  public Result make(Call call, int first, int count, boolean wakes) {
    RegionPages region = guest.holding(first);
    int page = first - region.start();
    UffdIoctl ioctl = ioctl(call);
    long mode = wakes ? 0 : ioctl.bit("DONTWAKE");
    long entered = journal.now();
    UffdResult result = attempt(ioctl, region, page, count, mode);
    long answered = journal.now();
    last = result;
    tallies.ioctl(ioctl, result);
    int done =
        journal.ioctl(ioctl, mode, region.index(), page, count, result, cause, entered, answered);
    if (ioctl.fills()) {
      tallies.installed(done);
    }
    return new Result(errno(result), done);
  }

  private UffdIoctl ioctl(Call call) {
    return switch (call) {
      // A file that nothing can be copied into is its owner's to write.
      case WRITE, COPY -> source.isFile() ? UffdIoctl.COPY : UffdIoctl.ZEROPAGE;
      case CONTINUE -> UffdIoctl.CONTINUE;
      case ZEROPAGE -> UffdIoctl.ZEROPAGE;
      case WAKE -> UffdIoctl.WAKE;
      case UNPROTECT -> UffdIoctl.WRITEPROTECT;
    };
  }

  private UffdResult attempt(UffdIoctl ioctl, RegionPages region, int page, int count, long mode) {
    long start = region.address(page);
    long length = (long) count * Region.PAGE_BYTES;
    return switch (ioctl) {
      case CONTINUE -> uffd.continueFault(start, length, mode);
      case COPY -> uffd.copy(start, source.of(region, page, length), length, mode);
      case ZEROPAGE ->
          region.unit() > 1
              // The kernel has no zero page of that size.
              ? uffd.copy(start, source.zeroPage(), region.region().pageSize(), mode)
              : uffd.zeropage(start, length, mode);
      case WAKE -> uffd.wake(start, length);
      case WRITEPROTECT -> uffd.writeProtect(start, length, false, true);
      default -> throw new IllegalArgumentException(ioctl + " is no answer");
    };
  }

  private static Errno errno(UffdResult result) {
    return result.errno() == 0 ? Errno.OK : Errno.find(result.errno()).orElse(Errno.EIO);
  }

  @Override
  public void found(int first, int count) {
    RegionPages region = guest.holding(first);
    journal.wasPresent(region.index(), first - region.start(), count, cause);
  }

  @Override
  public void dropped(Call call, int first, int count, Errno errno) {
    RegionPages region = guest.holding(first);
    int page = first - region.start();
    switch (errno) {
      case ENOENT -> {
        for (WaitingFault fault : journal.waiting()) {
          if (fault.region() == region.index()
              && fault.page() >= page
              && fault.page() < page + count) {
            journal.lost(fault);
          }
        }
      }
      case ESRCH -> end.peerLeft();
      default ->
          journal.note(
              "%s of page %d of region %d: %s".formatted(call, page, region.index(), last));
    }
  }

  /**
   * Makes an ioctl as a person asked for it, right or wrong.
   *
   * @throws IllegalArgumentException if the pages lie outside the region, or it cannot be made from
   *     here
   */
  UffdResult byHand(LiveControl.ByHand byHand) {
    if (byHand.region() < 0 || byHand.region() >= guest.all().size()) {
      throw new IllegalArgumentException("there is no region " + byHand.region());
    }
    RegionPages pages = guest.at(byHand.region());
    long start = pages.region().base() + (long) byHand.firstPage() * Region.PAGE_BYTES;
    long length = (long) byHand.pages() * Region.PAGE_BYTES;
    if (byHand.firstPage() < 0
        || byHand.pages() < 1
        || start + length > pages.region().base() + pages.region().size()) {
      throw new IllegalArgumentException("pages outside the region");
    }
    long cause = journal.reasonFor(pages.index(), byHand.firstPage(), byHand.pages());
    long mode = byHand.mode();
    long entered = journal.now();
    UffdResult result =
        switch (byHand.ioctl()) {
          case COPY ->
              uffd.copy(
                  start,
                  byHand.value() < 0
                      ? source.of(pages, byHand.firstPage(), length)
                      : source.ofByte(byHand.value(), length),
                  length,
                  mode);
          case WRITEPROTECT ->
              uffd.writeProtect(
                  start,
                  length,
                  UffdIoctl.WRITEPROTECT.protects(mode),
                  !UffdIoctl.WRITEPROTECT.isDontWake(mode));
          case WAKE -> uffd.wake(start, length);
          case UNREGISTER -> uffd.unregister(start, length);
          case REGISTER, MOVE, API, UNKNOWN ->
              throw new IllegalArgumentException(
                  byHand.ioctl() + " cannot be made on another process's memory from here");
          // They fill from nowhere but the range itself, with one argument in common.
          default -> uffd.fill(byHand.ioctl().command(), start, length, mode);
        };
    int done4k =
        journal.ioctl(
            byHand.ioctl(),
            mode,
            pages.index(),
            byHand.firstPage(),
            byHand.pages(),
            result,
            cause,
            entered,
            journal.now());
    tallies.ioctl(byHand.ioctl(), result);
    if (byHand.ioctl().fills()) {
      tallies.installed(done4k);
      guest.handled().installed(pages.start() + byHand.firstPage(), done4k);
    }
    return result;
  }

  /** Lets go of a region, so that its owner lives on without a handler. */
  void unregister(RegionPages pages) {
    UffdResult result = uffd.unregister(pages.region().base(), pages.region().size());
    tallies.ioctl(UffdIoctl.UNREGISTER, result);
    journal.regionEvent(RegionChange.UNREGISTERED, pages.index());
    // UNREGISTER does not wake those who wait in memory registered MINOR only.
    UffdResult _ = uffd.wake(pages.region().base(), pages.region().size());
  }

  /**
   * {@return whether a process that cannot be held has ended}: a copy from nowhere fails either
   * way, but differently.
   */
  boolean isPeerGone() {
    GuestRegion region = guest.at(0).region();
    return uffd.copy(region.base(), NOWHERE, region.pageSize(), 0).errno() == Errno.ESRCH.number();
  }
}
