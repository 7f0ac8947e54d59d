/** Orders of accesses: one class a workload, all of them in {@link Workloads}. */
@NullMarked
package dev.faultscope.simulation.workload;

import org.jspecify.annotations.NullMarked;
