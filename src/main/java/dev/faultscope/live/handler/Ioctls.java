package dev.faultscope.live.handler;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.model.Region;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;

/** Makes ioctls on a peer's memory; each is counted and recorded. For the handler's thread. */
final class Ioctls {
  /** An address where no process has memory. */
  private static final long NOWHERE = 8;

  private final Userfaultfd uffd;
  private final FillSource source;
  private final PeerPages guest;
  private final LiveJournal journal;
  private final Tallies tallies;

  /**
   * What an ioctl that fills came to.
   *
   * @param result what the kernel said
   * @param pages how many of the region's pages it did
   */
  record Filled(UffdResult result, int pages) {}

  Ioctls(
      Userfaultfd uffd, FillSource source, PeerPages guest, LiveJournal journal, Tallies tallies) {
    this.uffd = uffd;
    this.source = source;
    this.guest = guest;
    this.journal = journal;
    this.tallies = tallies;
  }

  /** COPY, ZEROPAGE or CONTINUE of pages of a region. */
  Filled fill(UffdIoctl kind, RegionPages pages, int first, int count, long cause) {
    long entered = journal.now();
    UffdResult result = attempt(kind, pages, first, count);
    return new Filled(result, done(kind, pages, first, count, result, cause, entered));
  }

  private UffdResult attempt(UffdIoctl kind, RegionPages pages, int first, int count) {
    long start = pages.address(first);
    long length = pages.bytes(count);
    return switch (kind) {
      case CONTINUE -> uffd.continueFault(start, length, 0);
      case COPY -> uffd.copy(start, source.of(pages, first), length, 0);
      case ZEROPAGE ->
          pages.unit > 1
              // The kernel has no zero page of that size.
              ? uffd.copy(start, source.zeroPage(), pages.region.pageSize(), 0)
              : uffd.zeropage(start, length, 0);
      default -> throw new IllegalArgumentException(kind + " fills nothing");
    };
  }

  /** Lifts the write protection of a page and wakes. */
  UffdResult unprotect(RegionPages pages, int page, long cause) {
    long entered = journal.now();
    UffdResult result = uffd.writeProtect(pages.address(page), pages.bytes(1), false, true);
    done(UffdIoctl.WRITEPROTECT, pages, page, 1, result, cause, entered);
    return result;
  }

  /** Wakes who waits for a page that turned out to be there. */
  void wakePresent(RegionPages pages, int page, long cause) {
    journal.wasPresent(pages.index, page * pages.unit, pages.unit, cause);
    long entered = journal.now();
    UffdResult result = uffd.wake(pages.address(page), pages.bytes(1));
    done(UffdIoctl.WAKE, pages, page, 1, result, cause, entered);
  }

  /** {@return how many of the region's pages it did} */
  private int done(
      UffdIoctl kind,
      RegionPages pages,
      int first,
      int count,
      UffdResult result,
      long cause,
      long entered) {
    long answered = journal.now();
    tallies.ioctl(kind, result);
    int done4k =
        journal.ioctl(
            kind,
            0,
            pages.index,
            first * pages.unit,
            count * pages.unit,
            result,
            cause,
            entered,
            answered);
    if (!kind.fills()) {
      return 0;
    }
    int done = done4k / pages.unit;
    tallies.installed(done4k);
    pages.filled(first, done);
    return done;
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
    long start = pages.region.base() + (long) byHand.firstPage() * Region.PAGE_BYTES;
    long length = (long) byHand.pages() * Region.PAGE_BYTES;
    if (byHand.firstPage() < 0
        || byHand.pages() < 1
        || start + length > pages.region.base() + pages.region.size()) {
      throw new IllegalArgumentException("pages outside the region");
    }
    long mode = byHand.mode();
    long entered = journal.now();
    UffdResult result =
        switch (byHand.ioctl()) {
          case COPY ->
              uffd.copy(start, source.of4k(pages, byHand.firstPage(), length), length, mode);
          case ZEROPAGE -> uffd.zeropage(start, length, mode);
          case CONTINUE -> uffd.continueFault(start, length, mode);
          case POISON -> uffd.poison(start, length, mode);
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
        };
    int done4k =
        journal.ioctl(
            byHand.ioctl(),
            mode,
            pages.index,
            byHand.firstPage(),
            byHand.pages(),
            result,
            0,
            entered,
            journal.now());
    tallies.ioctl(byHand.ioctl(), result);
    if (byHand.ioctl().fills()) {
      tallies.installed(done4k);
      pages.filled(byHand.firstPage() / pages.unit, done4k / pages.unit);
    }
    return result;
  }

  /** Lets go of a region, so that its owner lives on without a handler. */
  void unregister(RegionPages pages) {
    UffdResult result = uffd.unregister(pages.region.base(), pages.region.size());
    tallies.ioctl(UffdIoctl.UNREGISTER, result);
    journal.regionEvent(RegionChange.UNREGISTERED, pages.index);
    // UNREGISTER does not wake those who wait in memory registered MINOR only.
    UffdResult _ = uffd.wake(pages.region.base(), pages.region.size());
  }

  /**
   * {@return whether a process that cannot be held has ended}: a copy from nowhere fails either
   * way, but differently.
   */
  boolean isPeerGone() {
    GuestRegion region = guest.at(0).region;
    return uffd.copy(region.base(), NOWHERE, region.pageSize(), 0).errno() == Errno.ESRCH;
  }
}
