package dev.faultscope.simulation.kernel;

/** Told before pages lose their place, as an MMU notifier is. */
public interface InvalidationListener {
  /** Page-table entries of a range go away. */
  void unmapped(Mm mm, long start, long end);

  /** Pages of a file go away, or change between private and shared. */
  void freed(MemoryFile file, long page, long pages);
}
