/** Simulated time: who acts when, what waits for what, how long things take. */
@NullMarked
package dev.faultscope.simulation.time;

import org.jspecify.annotations.NullMarked;
