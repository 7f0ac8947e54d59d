package dev.faultscope.cli;

import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.query.Query;
import dev.faultscope.timeline.query.QueryException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which faults a command is about. */
final class WhereOption {
  @Option(
      names = "--where",
      paramLabel = "PREDICATE",
      description =
          "Only faults of which the enqueue, the read or the wake satisfies it, as in"
              + " 'latency > 200us and vcpu = 1'.")
  private @Nullable String text;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  /**
   * {@return the predicate on a recording, null for every fault}
   *
   * @throws ParameterException if it is none; the message says at which character
   */
  @Nullable EventPredicate on(Timeline timeline) {
    String given = text;
    if (given == null) {
      return null;
    }
    try {
      return Query.parse(given).on(timeline);
    } catch (QueryException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--where, character %d: %s".formatted(e.position() + 1, e.getMessage()));
    }
  }
}
