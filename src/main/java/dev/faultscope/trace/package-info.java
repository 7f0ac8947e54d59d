/**
 * Recordings from elsewhere: recognises a file by its content, reads it into a {@link
 * dev.faultscope.timeline.Recorder}, and writes timelines in text form.
 *
 * <p>One sub-package per family of formats. A format that is read is a {@link
 * dev.faultscope.trace.input.TraceFormat} and one line of {@link
 * dev.faultscope.trace.TraceFormats}; one that is written is a {@link
 * dev.faultscope.trace.output.TraceWriter} and one line of {@link
 * dev.faultscope.trace.TraceWriters}.
 */
@NullMarked
package dev.faultscope.trace;

import org.jspecify.annotations.NullMarked;
