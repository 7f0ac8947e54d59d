package dev.faultscope.session.library;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A recording as the start page lists it.
 *
 * @param kind {@code sample}, {@code upload} or {@code run}
 * @param faults how many faults were queued
 * @param pages pages of all regions
 * @param openedAt when somebody last looked at it, null for never
 * @param thumbnail rows of page states, null where there are none
 * @param text one sentence about it, null for none
 * @param state how far it is there
 * @param message what a person should know: why it is not whole, or cannot be read; null for
 *     nothing
 */
public record RecordingOverview(
    String id,
    String title,
    String kind,
    long events,
    long faults,
    long pages,
    long durationNs,
    @Nullable Instant openedAt,
    int @Nullable [][] thumbnail,
    @Nullable String text,
    String state,
    @Nullable String message) {}
