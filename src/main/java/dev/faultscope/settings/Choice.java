package dev.faultscope.settings;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One of a few things that a person names. */
public final class Choice {
  private Choice() {}

  /**
   * {@return the one of a name}
   *
   * @param what is chosen, as the person knows it: {@code sort}
   * @param all there are
   * @throws IllegalArgumentException if none has it; the message names those there are
   */
  public static <T> T of(String what, List<T> all, Function<T, String> name, String wanted) {
    return all.stream()
        .filter(each -> name.apply(each).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is one of %s, not %s"
                        .formatted(
                            what,
                            all.stream().map(name).collect(Collectors.joining(", ")),
                            wanted)));
  }
}
