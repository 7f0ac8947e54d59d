package dev.faultscope.session.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is not a page at a moment.
 *
 * @param event null at moment 0
 * @param narration one sentence
 */
public record MomentView(
    long seq,
    long timeNs,
    @Nullable ShownEvent event,
    String narration,
    QueueView queue,
    List<DoingView> actors,
    boolean playing,
    boolean following) {}
