package dev.faultscope.trace.ftrace;

import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;

/**
 * Tells what madvise, munmap and fallocate take away, at their entry: a fault on a page that is
 * already gone may come before their return.
 */
final class Holes {
  private final Recorder recorder;
  private final AddressMap map;
  private final EventDraft draft = new EventDraft();

  Holes(Recorder recorder, AddressMap map) {
    this.recorder = recorder;
    this.map = map;
  }

  /** Tells the pages that a system call takes away; nothing where it takes none. */
  void tell(Line line, long time, int actor) {
    if (line.detail == 0) {
      return;
    }
    boolean dropsCache = line.detail == HoleKind.REMOVE.code();
    if (line.detail == HoleKind.PUNCH_HOLE.code()) {
      // The line names a file by its descriptor: which region it backs is not in the trace.
      recorder.append(
          draft
              .of(EventKind.HOLE, time)
              .detail(line.detail)
              .actor(actor)
              .flags(EventFlags.PAGE_UNKNOWN));
      return;
    }
    for (Region region : map.regions()) {
      long end = region.base() + (long) region.pages() * Region.PAGE_BYTES;
      long from =
          Long.compareUnsigned(line.address, region.base()) > 0 ? line.address : region.base();
      long to = line.address + line.length;
      to = Long.compareUnsigned(to, end) < 0 ? to : end;
      if (Long.compareUnsigned(from, to) < 0) {
        int first = region.pageOfHva(from);
        int count = (int) ((to - 1 - (from & -Region.PAGE_BYTES)) / Region.PAGE_BYTES) + 1;
        recorder.append(
            draft
                .of(EventKind.HOLE, time)
                .detail(line.detail)
                .actor(actor)
                .pages(region.index(), first, count)
                .change(
                    PageState.MAPPED
                        | PageState.STAGE2
                        | PageState.DIRTY
                        | PageState.ZERO
                        | (dropsCache ? PageState.CACHED : 0),
                    0));
      }
    }
  }
}
