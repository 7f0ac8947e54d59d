package dev.faultscope.model;

/** A word with its count, as everything says it that tells a person how many there are. */
public final class Counted {
  private Counted() {}

  /** {@return {@code 1 page}, {@code 2 pages}} */
  public static String of(long count, String one) {
    return count + " " + noun(count, one);
  }

  /** {@return {@code page} or {@code pages}, for a count that is written in another way} */
  public static String noun(long count, String one) {
    return count == 1 ? one : one + "s";
  }
}
