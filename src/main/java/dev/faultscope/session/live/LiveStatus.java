package dev.faultscope.session.live;

import dev.faultscope.live.handler.LiveSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a live run stands.
 *
 * @param id its own and its recording's
 * @param engine {@code live}
 * @param title what people call it
 * @param phase {@code starting}, {@code running}, {@code held} (somebody sleeps until a person
 *     answers), {@code done} or {@code failed}
 * @param manual whether faults are being held
 * @param hold the predicate of what is held, null for every fault or none
 * @param policy how faults are answered
 * @param message why it ended, or what its guest said; null for nothing
 * @param frozenSinceNs when the fault held longest was read, in the recording's time; null for none
 * @param nowNs the recording's time now
 * @param watchdogNs how long a fault may be held, 0 for ever
 * @param waiting faults held, oldest first, at most 200
 * @param memory the regions
 * @param peer whose memory it is; null until it came
 * @param summary counts and latencies, once it is over
 */
public record LiveStatus(
    String id,
    String engine,
    String title,
    String phase,
    boolean manual,
    @Nullable String hold,
    String policy,
    @Nullable String message,
    @Nullable Long frozenSinceNs,
    long nowNs,
    long watchdogNs,
    List<Held> waiting,
    List<Memory> memory,
    @Nullable PeerFacts peer,
    @Nullable LiveSummary summary) {

  /**
   * A fault that waits for a person.
   *
   * @param origin who touched the page, in words; empty where that is not known
   */
  public record Held(
      long fault,
      int region,
      int page,
      String kind,
      boolean write,
      int actor,
      String name,
      long sinceNs,
      String origin) {}

  /** A region, in pages of 4 KiB. */
  public record Memory(String name, int region, int pages) {}

  /** Who it is, as the kernel says (SO_PEERCRED). */
  public record PeerFacts(String name, int pid, int uid, int gid, long bytes, int regions) {}
}
