/**
 * The event log everything a person sees is read from: append, seek, step, query, checkpoints,
 * crash-safe file.
 *
 * <p>One writer appends through {@link dev.faultscope.timeline.Recorder}; any number of readers
 * walk the same timeline through cursors of their own, also while it is still being written.
 */
@NullMarked
package dev.faultscope.timeline;

import org.jspecify.annotations.NullMarked;
