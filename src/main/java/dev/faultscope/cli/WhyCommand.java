package dev.faultscope.cli;

import dev.faultscope.session.query.FaultStory;
import dev.faultscope.session.query.StoryText;
import dev.faultscope.settings.Choice;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells the fault that an event belongs to, step by step, as the explorer draws it. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    description =
        "Tells the fault that an event belongs to, from the access to its next try: who did what,"
            + " and the time between. What the recording does not contain is said to be missing.")
final class WhyCommand implements Callable<Integer> {
  private static final String JSON = "json";

  @Mixin private RecordingArgument recording = new RecordingArgument();

  @Parameters(
      index = "1",
      paramLabel = "EVENT",
      description = "The number of an event, as faultscope faults prints it.")
  private long event;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "text (default), mermaid, plantuml or json.")
  private String format = StoryText.TEXT.id();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, TraceException {
    List<String> forms =
        Stream.concat(Arrays.stream(StoryText.values()).map(StoryText::id), Stream.of(JSON))
            .toList();
    try {
      String _ = Choice.of("--format", forms, Function.identity(), format);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    Output output = Output.of(spec);
    try (InputOptions.Opened opened = recording.open()) {
      opened.tellWhatIsMissing(output);
      Timeline timeline = opened.timeline();
      if (event < 1 || event > timeline.lastSequence()) {
        throw new ParameterException(
            spec.commandLine(),
            "EVENT is 1 to %d in this recording, not %d".formatted(timeline.lastSequence(), event));
      }
      FaultStory story = FaultStory.of(timeline, event);
      output.say(
          Arrays.stream(StoryText.values())
              .filter(each -> each.id().equals(format))
              .findFirst()
              .map(each -> each.of(story).stripTrailing())
              .orElseGet(() -> Output.json(story)));
    }
    return 0;
  }
}
