package dev.faultscope.session.query;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of a lane.
 *
 * @param activity as in {@link DoingView}
 * @param seq the event that began it
 * @param region region of the page it is about, null for none
 * @param page the page, null for none
 */
public record Segment(
    long fromNs,
    long toNs,
    String activity,
    long seq,
    @Nullable Integer region,
    @Nullable Integer page) {}
