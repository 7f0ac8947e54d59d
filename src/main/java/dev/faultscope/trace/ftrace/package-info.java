/**
 * The text family of kernel traces: raw ftrace, {@code trace-cmd report} and {@code perf script}.
 *
 * <p>Lines become {@link dev.faultscope.trace.ftrace.LineEvent}s without a string being made; a
 * bounded window of them is held back until it is known which of them belong together; then they
 * are told as model events, in order of time.
 */
@NullMarked
package dev.faultscope.trace.ftrace;

import org.jspecify.annotations.NullMarked;
