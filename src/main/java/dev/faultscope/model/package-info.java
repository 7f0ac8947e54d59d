/**
 * The vocabulary of guest memory faults: regions, page states, actors and the events of a fault's
 * life.
 *
 * <p>Values only. Nothing here reads a file, keeps a clock or knows a framework; every other
 * package may use it.
 */
@NullMarked
package dev.faultscope.model;

import org.jspecify.annotations.NullMarked;
