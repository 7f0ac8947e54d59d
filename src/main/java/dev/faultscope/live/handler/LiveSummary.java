package dev.faultscope.live.handler;

import java.util.Map;

/**
 * What one peer's run came to.
 *
 * @param peer the process's name
 * @param pid its number
 * @param end why it ended
 * @param seconds from the handshake to the end
 * @param pages guest pages of 4 KiB
 * @param messages messages read, by kind
 * @param ioctls ioctls made, by name and outcome
 * @param pagesInstalled pages of 4 KiB put in place
 * @param pagesRemoved pages of 4 KiB that the peer gave back
 * @param released faults that the watchdog let go
 * @param faultAllMicros how long fault-all took, or -1
 * @param accessToRead median and 99th percentile from the access to reading the message about it,
 *     nanoseconds; zeros where no access was traced
 * @param readToIoctl median and 99th percentile from reading a message to the ioctl that answers
 *     it, nanoseconds
 * @param ioctl median and 99th percentile of an ioctl, nanoseconds
 * @param origins how often each was found to have touched a page: user mode, stage 2, KVM itself
 *     with its function; empty where nobody asked or stacks may not be read
 * @param placement how the handler ran in the end: its CPU, and whether it looked for messages
 *     before sleeping
 * @param events events recorded
 * @param recordingFailure why recording ended before the run did; empty if it did not
 */
public record LiveSummary(
    String peer,
    int pid,
    String end,
    double seconds,
    long pages,
    Map<String, Long> messages,
    Map<String, Long> ioctls,
    long pagesInstalled,
    long pagesRemoved,
    long released,
    long faultAllMicros,
    Quantiles accessToRead,
    Quantiles readToIoctl,
    Quantiles ioctl,
    Map<String, Long> origins,
    String placement,
    long events,
    String recordingFailure) {

  /** A median and a 99th percentile in nanoseconds. */
  public record Quantiles(long p50, long p99) {
    static Quantiles of(Latencies latencies) {
      return new Quantiles(latencies.quantile(0.5), latencies.quantile(0.99));
    }
  }

  /** {@return pagefault messages of all kinds} */
  public long faults() {
    return messages.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("fault"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
