/**
 * The simulated kernel and what drives it: everything deterministic, nothing that knows a clock or
 * a thread of the JVM.
 */
@NullMarked
package dev.faultscope.simulation;

import org.jspecify.annotations.NullMarked;
