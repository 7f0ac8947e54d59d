package dev.faultscope.session.run;

import dev.faultscope.model.UffdIoctl;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a run can do, and where it cannot, why: one sentence for a person, empty where it can.
 *
 * @param advance by what it can be made to go on right now; none where it cannot
 * @param pace going on at so many events a second
 * @param fork being done again up to a moment
 * @param read reading a message by hand
 * @param checkPages being compared with its page table
 * @param source COPY and MOVE: taking another page of the process
 * @param injections what can be done to it from outside
 * @param ioctls the ioctls by hand
 */
public record Capabilities(
    List<RunCommand.Unit> advance,
    String pace,
    String fork,
    String read,
    String checkPages,
    String source,
    Map<RunCommand.Injection, String> injections,
    Map<UffdIoctl, String> ioctls) {
  public Capabilities {
    advance = List.copyOf(advance);
    injections = Collections.unmodifiableMap(new EnumMap<>(injections));
    ioctls = Collections.unmodifiableMap(new EnumMap<>(ioctls));
  }

  /**
   * Refuses what cannot be.
   *
   * @throws RunRefusedException with the reason, if there is one
   */
  public static void check(String whyNot) {
    if (!whyNot.isEmpty()) {
      throw new RunRefusedException(RunRefusedException.Reason.BAD_COMMAND, whyNot);
    }
  }
}
