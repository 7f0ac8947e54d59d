package dev.faultscope.cli;

import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** One of a few things, named in an option. */
final class Choosing {
  private Choosing() {}

  /**
   * {@return what a name stands for}
   *
   * @param named finds it, or says in an exception which names the option has
   * @throws ParameterException if there is none of the name; the message names those there are
   */
  static <T> T named(CommandSpec spec, Function<String, T> named, String name) {
    try {
      return named.apply(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
