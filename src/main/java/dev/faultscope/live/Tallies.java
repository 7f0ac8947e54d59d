package dev.faultscope.live;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import java.util.Map;
import java.util.TreeMap;

/** What a handler counts and measures of its own run. For its thread. */
final class Tallies {
  private final Map<String, Long> messages = new TreeMap<>();
  private final Map<String, Long> ioctls = new TreeMap<>();
  private final Latencies readToIoctl = new Latencies();
  private final Latencies ioctlTimes = new Latencies();
  private long pagesInstalled;
  private long pagesRemoved;
  private long released;
  private long faultAllMicros = -1;

  void message(String kind) {
    messages.merge(kind, 1L, Long::sum);
  }

  void ioctl(UffdIoctl kind, UffdResult result) {
    ioctls.merge(kind + (result.ok() ? "" : " " + Errno.name(result.errno())), 1L, Long::sum);
  }

  void ioctlTook(long nanoseconds) {
    ioctlTimes.add(nanoseconds);
  }

  /** From reading a message to the ioctl that answers it. */
  void answeredAfter(long nanoseconds) {
    readToIoctl.add(nanoseconds);
  }

  /** Pages of 4 KiB. */
  void installed(int pages) {
    pagesInstalled += pages;
  }

  /** Pages of 4 KiB. */
  void removed(long pages) {
    pagesRemoved += pages;
  }

  long removed() {
    return pagesRemoved;
  }

  /** Faults that the watchdog let go. */
  void released(int faults) {
    released += faults;
  }

  boolean faultedAll() {
    return faultAllMicros >= 0;
  }

  void faultedAll(long micros) {
    faultAllMicros = micros;
  }

  LiveSummary summary(String name, Peer peer, String end, Scribe scribe) {
    return new LiveSummary(
        name,
        peer.credentials().pid(),
        end,
        scribe.now() / 1e9,
        peer.regions().stream().mapToLong(region -> region.size() / Region.PAGE_BYTES).sum(),
        Map.copyOf(messages),
        Map.copyOf(ioctls),
        pagesInstalled,
        pagesRemoved,
        released,
        faultAllMicros,
        LiveSummary.Quantiles.of(readToIoctl),
        LiveSummary.Quantiles.of(ioctlTimes),
        scribe.recorded(),
        scribe.recordingFailure());
  }
}
