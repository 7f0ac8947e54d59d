package dev.faultscope.session.query;

import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.Timeline;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a recording's statistics say of faults that meet no userfaultfd, by the names that {@code
 * faultscope stats --json} has for it.
 *
 * @param origin what the faults counted wait for
 * @param leaves entries of stage 2 that a fault set where none was, by their size
 * @param zappedPages pages taken from stage 2
 * @param mmioExits exits to the VMM for device memory
 */
public record KernelTotals(
    String origin,
    Map<String, Long> faultsByOrigin,
    Map<String, Long> faultsByCause,
    Map<String, Long> leaves,
    long zappedPages,
    long mmioExits) {

  /** {@return what a recording adds up to by now; looks at every event} */
  public static KernelTotals of(Timeline timeline) {
    return of(Statistics.of(timeline));
  }

  /** {@return the same of statistics that are there} */
  public static KernelTotals of(Statistics counted) {
    Map<String, Long> byOrigin = new LinkedHashMap<>();
    counted.faultsByOrigin().forEach((origin, faults) -> byOrigin.put(origin.id(), faults));
    Map<String, Long> byCause = new LinkedHashMap<>();
    counted.faultsByCause().forEach((cause, faults) -> byCause.put(cause.id(), faults));
    Map<String, Long> leaves = new LinkedHashMap<>();
    leaves.put("4K", counted.leaves().small());
    leaves.put("2M", counted.leaves().of2M());
    leaves.put("1G", counted.leaves().of1G());
    return new KernelTotals(
        counted.origin().id(),
        byOrigin,
        byCause,
        leaves,
        counted.zappedPages(),
        counted.mmioExits());
  }
}
