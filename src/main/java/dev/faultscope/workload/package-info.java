/**
 * Orders in which threads access memory: one class a workload, all of them in {@link Workloads}.
 * The same seed gives the same order, on whichever engine.
 */
@NullMarked
package dev.faultscope.workload;

import org.jspecify.annotations.NullMarked;
