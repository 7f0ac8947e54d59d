package dev.faultscope.cli;

import dev.faultscope.timeline.TimelineException;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one sentence and an exit code. */
final class Problems {
  /** The server cannot be started. */
  static final int START = 1;

  /** The command line makes no sense. */
  static final int USAGE = 2;

  /** A file cannot be read or written. */
  static final int INPUT = 3;

  private Problems() {}

  static int usage(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    say(command, problem.getMessage());
    return USAGE;
  }

  static int execution(Exception problem, CommandLine command, ParseResult parsed)
      throws Exception {
    if (problem instanceof ServerStartException known) {
      say(command, known.getMessage());
      return START;
    }
    switch (problem) {
      case TraceException known -> say(command, known.getMessage());
      case TimelineException known -> say(command, known.getMessage());
      case UncheckedIOException known -> say(command, known.getMessage());
      case IOException known ->
          say(command, known.getClass().getSimpleName() + ": " + known.getMessage());
      default -> throw problem;
    }
    return INPUT;
  }

  private static void say(CommandLine command, @org.jspecify.annotations.Nullable String text) {
    command.getErr().println("faultscope: " + String.valueOf(text).lines().findFirst().orElse(""));
  }
}
