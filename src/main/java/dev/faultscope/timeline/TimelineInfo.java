package dev.faultscope.timeline;

/**
 * What a recording says of itself.
 *
 * @param title what people call it
 * @param source what made it: {@code simulation}, {@code live}, or the trace format it was read
 *     from
 * @param originNs the source's own clock at time 0 of the timeline, in nanoseconds
 */
public record TimelineInfo(String title, String source, long originNs) {
  /** {@return whether the simulated kernel made it, which tells all that it does} */
  public boolean isSimulated() {
    return source.startsWith("simulation");
  }
}
