package dev.faultscope.live.handler;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.UffdMessage;
import dev.faultscope.linux.UffdMessages;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.handler.Tallies.Kind;
import dev.faultscope.live.origin.Origins;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.Region;
import dev.faultscope.policy.HandledPages;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads messages: layout changes take effect at once, faults are handed on. For the handler's
 * thread.
 */
final class MessageReader {
  private static final int MESSAGES = 64;

  private final Userfaultfd uffd;
  private final PeerPages guest;
  private final Origins origins;
  private final LiveJournal journal;
  private final Tallies tallies;
  private final UffdMessages messages = new UffdMessages(MESSAGES);

  MessageReader(
      Userfaultfd uffd, PeerPages guest, Origins origins, LiveJournal journal, Tallies tallies) {
    this.uffd = uffd;
    this.guest = guest;
    this.origins = origins;
    this.journal = journal;
    this.tallies = tallies;
  }

  /**
   * What one read brought.
   *
   * @param messages how many messages of any kind
   * @param faults the faults among them, oldest first
   */
  record Brought(int messages, List<WaitingFault> faults) {
    private static final Brought NOTHING = new Brought(0, List.of());
  }

  /** Reads what waits, at most 64 messages, without sleeping. */
  Brought read() throws LinuxException {
    int count = uffd.read(messages);
    return count == 0 ? Brought.NOTHING : new Brought(count, take(count));
  }

  private List<WaitingFault> take(int count) {
    long time = journal.now();
    List<WaitingFault> faults = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      switch (messages.get(i)) {
        case UffdMessage.Pagefault fault -> {
          tallies.message(
              fault.isWriteProtect()
                  ? Kind.FAULT_WRITE_PROTECT
                  : fault.isMinor() ? Kind.FAULT_MINOR : Kind.FAULT_MISSING);
          RegionPages pages = guest.containing(fault.address());
          if (pages == null) {
            journal.note("a fault at 0x%x lies in no region".formatted(fault.address()));
          } else {
            faults.add(journal.fault(fault, pages.index(), time, accessOf(fault, pages)));
          }
        }
        case UffdMessage.Remove(long start, long stop) -> {
          tallies.message(Kind.REMOVE);
          removed(KernelEventKind.UFFD_REMOVE, start, stop, time);
        }
        case UffdMessage.Unmap(long start, long stop) -> {
          tallies.message(Kind.UNMAP);
          removed(KernelEventKind.UFFD_UNMAP, start, stop, time);
        }
        case UffdMessage.Remap(long from, long to, long length) -> {
          tallies.message(Kind.REMAP);
          journal.kernel(KernelEventKind.UFFD_REMAP);
          journal.note("%d bytes moved from 0x%x to 0x%x".formatted(length, from, to));
        }
        case UffdMessage.Fork(Fd child) -> {
          tallies.message(Kind.FORK);
          journal.kernel(KernelEventKind.UFFD_FORK);
          // Nobody would answer the child's faults; closed, its memory is ordinary memory.
          child.close();
        }
        case UffdMessage.Unknown(int event) -> {
          tallies.message(Kind.UNKNOWN);
          journal.note("a message of unknown kind " + event);
        }
      }
    }
    return faults;
  }

  private Origins.Access accessOf(UffdMessage.Pagefault fault, RegionPages pages) {
    return origins.of(fault.threadId(), fault.address(), pages.region().pageSize());
  }

  private void removed(KernelEventKind event, long start, long stop, long time) {
    for (RegionPages pages : guest.all()) {
      long from = Math.max(start, pages.region().base());
      long to = Math.min(stop, pages.region().base() + pages.region().size());
      if (from < to) {
        HandledPages handled = guest.handled();
        int first = handled.unitStart(pages.start() + page(pages, from));
        int behind = handled.unitStart(pages.start() + page(pages, to - 1)) + pages.unit();
        handled.removed(first, behind - first);
        tallies.removed((to - from) / Region.PAGE_BYTES);
        journal.removed(
            event, pages.index(), page(pages, from), (int) ((to - from) / Region.PAGE_BYTES), time);
      }
    }
  }

  private static int page(RegionPages pages, long address) {
    return (int) ((address - pages.region().base()) / Region.PAGE_BYTES);
  }
}
