package dev.faultscope.live.handler;

import dev.faultscope.timeline.LatencyHistogram.Percentiles;
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
 * @param accessToRead from the access to reading the message about it; zeros where no access was
 *     traced
 * @param readToIoctl from reading a message to the ioctl that woke its thread
 * @param ioctl from calling an ioctl to its return
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
    Percentiles accessToRead,
    Percentiles readToIoctl,
    Percentiles ioctl,
    Map<String, Long> origins,
    String placement,
    long events,
    String recordingFailure) {

  /** {@return pagefault messages of all kinds} */
  public long faults() {
    return messages.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("fault"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
