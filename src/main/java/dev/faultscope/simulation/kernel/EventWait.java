package dev.faultscope.simulation.kernel;

/** A thread asleep in a system call until its non-cooperative event is read. */
record EventWait(Task task, UffdMessage message) {}
