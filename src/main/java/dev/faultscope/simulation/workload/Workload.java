package dev.faultscope.simulation.workload;

/** An order of pages, without an end of its own. */
interface Workload {
  /** {@return the next page, from 0 to the number of pages less one} */
  int next();
}
