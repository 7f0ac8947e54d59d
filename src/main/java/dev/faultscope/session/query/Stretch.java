package dev.faultscope.session.query;

import dev.faultscope.timeline.Timeline;

/**
 * The events of a stretch of time, exactly.
 *
 * @param fromNs events at it are of the stretch
 * @param toNs events at it are not
 * @param first the first of them; one more than {@code last} where there is none
 * @param last the last event before {@code toNs}
 * @param events how many there are
 */
public record Stretch(long fromNs, long toNs, long first, long last, long events) {
  /** {@return the events of a stretch that a timeline holds by now; two binary searches} */
  public static Stretch of(Timeline timeline, long fromNs, long toNs) {
    // In this order: a timeline that grows meanwhile never makes it fewer than none.
    long first = timeline.sequenceAt(fromNs - 1) + 1;
    long last = timeline.sequenceAt(toNs - 1);
    return new Stretch(fromNs, toNs, first, last, last - first + 1);
  }
}
