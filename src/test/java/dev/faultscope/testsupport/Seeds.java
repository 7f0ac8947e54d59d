package dev.faultscope.testsupport;

/**
 * Runs a property over many seeds. A failure names its seed, and {@code -Dfaultscope.seed=N} runs
 * that one alone.
 */
public final class Seeds {

  static final String PROPERTY = "faultscope.seed";

  private Seeds() {}

  /** A property of one seed. */
  @FunctionalInterface
  public interface Property {
    void check(long seed) throws Exception;
  }

  /** Checks the property for the seeds 0 to {@code count - 1}, in order. */
  public static void forEach(int count, Property property) {
    Long only = Long.getLong(PROPERTY);
    if (only != null) {
      check(only, property);
      return;
    }
    for (long seed = 0; seed < count; seed++) {
      check(seed, property);
    }
  }

  private static void check(long seed, Property property) {
    try {
      property.check(seed);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "Seed %d failed (replay with -D%s=%d): %s"
              .formatted(seed, PROPERTY, seed, e.getMessage()),
          e);
    }
  }
}
