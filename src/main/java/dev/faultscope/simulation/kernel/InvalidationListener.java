package dev.faultscope.simulation.kernel;

import org.jspecify.annotations.Nullable;

/** Told before pages lose their place, as an MMU notifier is. */
public interface InvalidationListener {
  /**
   * Page-table entries of a range go away, or lose a permission.
   *
   * @param by whose doing it is, null where that is not known
   */
  void unmapped(@Nullable Task by, Mm mm, long start, long end);

  /** Pages of a file go away, or change between private and shared. */
  void freed(MemoryFile file, long page, long pages);
}
