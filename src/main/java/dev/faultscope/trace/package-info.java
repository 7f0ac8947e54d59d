/**
 * Recordings from elsewhere: recognises a file by its content, reads it into a {@link
 * dev.faultscope.timeline.Recorder}, and writes timelines in text form.
 *
 * <p>One sub-package per family of formats. Adding one touches its package and one line of {@link
 * dev.faultscope.trace.TraceFormat}.
 */
@NullMarked
package dev.faultscope.trace;

import org.jspecify.annotations.NullMarked;
