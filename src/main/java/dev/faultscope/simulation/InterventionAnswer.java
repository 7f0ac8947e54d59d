package dev.faultscope.simulation;

import dev.faultscope.model.Errno;
import dev.faultscope.simulation.kernel.IoctlResult;
import java.util.List;

/**
 * What came of an {@link Intervention}.
 *
 * @param errno what the call answered, OK where it was no call
 * @param field an ioctl's result field; {@link IoctlResult#UNTOUCHED} where the kernel leaves it
 * @param woke actors that it woke, in order
 * @param why one sentence: what happened, who woke, or why nobody did
 * @param first sequence number of the first event that it caused; above {@code last} where there is
 *     none
 * @param last sequence number of the last one
 */
public record InterventionAnswer(
    Errno errno, long field, List<Integer> woke, String why, long first, long last) {
  public InterventionAnswer {
    woke = List.copyOf(woke);
  }
}
