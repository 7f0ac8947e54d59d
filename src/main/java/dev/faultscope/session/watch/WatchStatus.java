package dev.faultscope.session.watch;

import dev.faultscope.live.watch.WatchSummary;

/**
 * How a watch stands.
 *
 * @param id its own and its recording's
 * @param rateHz samples a second that were asked for
 * @param over whether it has ended
 * @param summary what was seen so far; its {@code end} says why it ended
 */
public record WatchStatus(
    String id, String title, int rateHz, boolean over, WatchSummary summary) {}
