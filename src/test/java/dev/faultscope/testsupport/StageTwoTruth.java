package dev.faultscope.testsupport;

import dev.faultscope.timeline.Statistics;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What the truth files of recordings without a userfaultfd count, and statistics beside it. */
public final class StageTwoTruth {
  private StageTwoTruth() {}

  /** {@return faults by visible cause, as the recorded program's file says} */
  public static Map<String, Long> byCause(JsonNode truth) {
    Map<String, Long> all = new TreeMap<>();
    truth
        .path("by_visible_cause")
        .properties()
        .forEach(cause -> all.put(cause.getKey(), cause.getValue().asLong()));
    return all;
  }

  /** {@return the same as it was counted here} */
  public static Map<String, Long> byCause(Statistics counted) {
    Map<String, Long> all = new TreeMap<>();
    counted.faultsByCause().forEach((cause, count) -> all.put(cause.id(), count));
    return all;
  }
}
