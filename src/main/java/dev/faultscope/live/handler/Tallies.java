package dev.faultscope.live.handler;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import java.util.Map;
import java.util.TreeMap;

/** What a handler counts and measures of its own run. For its thread. */
final class Tallies {
  private static final int MOST_ERRNO = 256;

  /** What a message can be, with the words for it. */
  enum Kind {
    FAULT_MISSING("fault missing"),
    FAULT_MINOR("fault minor"),
    FAULT_WRITE_PROTECT("fault write-protect"),
    REMOVE("remove"),
    UNMAP("unmap"),
    REMAP("remap"),
    FORK("fork"),
    UNKNOWN("unknown");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private final long[] messages = new long[Kind.values().length];
  private final long[][] ioctls = new long[UffdIoctl.values().length][MOST_ERRNO];
  private long pagesInstalled;
  private long pagesRemoved;
  private long released;
  private long faultAllMicros = -1;

  void message(Kind kind) {
    messages[kind.ordinal()]++;
  }

  void ioctl(UffdIoctl kind, UffdResult result) {
    ioctls[kind.ordinal()][Math.clamp(result.errno(), 0, MOST_ERRNO - 1)]++;
  }

  /** Pages of 4 KiB. */
  void installed(int pages) {
    pagesInstalled += pages;
  }

  /** Pages of 4 KiB. */
  void removed(long pages) {
    pagesRemoved += pages;
  }

  /** Faults that the watchdog let go. */
  void released(int faults) {
    released += faults;
  }

  void faultedAll(long micros) {
    faultAllMicros = micros;
  }

  LiveSummary summary(String name, Peer peer, String end, String placement, LiveJournal journal) {
    return new LiveSummary(
        name,
        peer.credentials().pid(),
        end,
        journal.now() / 1e9,
        peer.regions().stream().mapToLong(region -> region.size() / Region.PAGE_BYTES).sum(),
        messageCounts(),
        ioctlCounts(),
        pagesInstalled,
        pagesRemoved,
        released,
        faultAllMicros,
        journal.accessToRead().percentiles(),
        journal.readToIoctl().percentiles(),
        journal.ioctlTimes().percentiles(),
        journal.origins(),
        placement,
        journal.recorded(),
        journal.recordingFailure());
  }

  private Map<String, Long> messageCounts() {
    Map<String, Long> counts = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      if (messages[kind.ordinal()] > 0) {
        counts.put(kind.words, messages[kind.ordinal()]);
      }
    }
    return counts;
  }

  private Map<String, Long> ioctlCounts() {
    Map<String, Long> counts = new TreeMap<>();
    for (UffdIoctl kind : UffdIoctl.values()) {
      for (int errno = 0; errno < MOST_ERRNO; errno++) {
        long count = ioctls[kind.ordinal()][errno];
        if (count > 0) {
          counts.put(kind + (errno == 0 ? "" : " " + Errno.name(errno)), count);
        }
      }
    }
    return counts;
  }
}
