/** Measures the timeline (docs/benchmarks.md). */
@NullMarked
package dev.faultscope.timeline.bench;

import org.jspecify.annotations.NullMarked;
