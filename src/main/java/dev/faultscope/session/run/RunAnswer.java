package dev.faultscope.session.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a command.
 *
 * @param errno what a call answered, 0 where it succeeded or was no call
 * @param errnoName its name; {@code OK} for 0
 * @param field an ioctl's result field, null where the kernel leaves it alone or there is none
 * @param woke actors that it woke, in order
 * @param why one sentence: what happened, who woke, or why nobody did
 * @param from sequence number of the first event that it caused; above {@code to} where there is
 *     none
 * @param to sequence number of the last event by now
 */
public record RunAnswer(
    int errno,
    String errnoName,
    @Nullable Long field,
    List<Integer> woke,
    String why,
    long from,
    long to) {
  public RunAnswer {
    woke = List.copyOf(woke);
  }

  /** {@return the answer to a command that is no call} */
  public static RunAnswer told(String why, long from, long to) {
    return new RunAnswer(0, "OK", null, List.of(), why, from, to);
  }
}
