package dev.faultscope.workload;

/**
 * Finds the recordings that scenarios name. Whoever runs a scenario decides what a name stands for:
 * a file given beside it on the command line, or an entry of the library — never a path that the
 * scenario itself chose.
 */
@FunctionalInterface
public interface Recordings {
  /** Knows none. */
  Recordings NONE =
      name -> {
        throw new IllegalArgumentException("there is no recording \"" + name + "\" here");
      };

  /**
   * {@return what a recording's threads accessed}
   *
   * @throws IllegalArgumentException if there is none of that name, or it cannot be read; the
   *     message says why
   */
  RecordedAccesses accesses(String name);
}
