package dev.faultscope.cli;

import dev.faultscope.session.query.PageLayer;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Counts pages as the layers of the space lens do that are about events. */
@Command(
    name = "pages",
    mixinStandardHelpOptions = true,
    description =
        "Counts the pages of a recording at a moment: by how long ago they changed, by who touched"
            + " them last, or by what they hold.")
final class PagesCommand implements Callable<Integer> {
  @Mixin private RecordingArgument recording = new RecordingArgument();

  @Option(
      names = "--of",
      required = true,
      paramLabel = "LAYER",
      description =
          "age: by how long ago they changed; who: by whose access or fault was the last;"
              + " contents: by what they hold.")
  private String of = "";

  @Option(
      names = "--at",
      paramLabel = "EVENT",
      description = "The moment after this event, 0 for the start (default: the last one).")
  private @Nullable Long at;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * What {@code --json} prints.
   *
   * @param seq the moment
   * @param pages how many there are of each kind
   */
  record Report(long seq, Map<String, Long> pages) {}

  @Override
  public Integer call() throws IOException, TraceException {
    PageLayer layer = Choosing.named(spec, PageLayer::named, of);
    try (InputOptions.Opened opened = recording.open()) {
      Timeline timeline = opened.timeline();
      long seq = at == null ? timeline.lastSequence() : at;
      if (seq < 0 || seq > timeline.lastSequence()) {
        throw new ParameterException(
            spec.commandLine(),
            "--at is %d, must be in 0..%d".formatted(seq, timeline.lastSequence()));
      }
      Report report = new Report(seq, layer.countsAt(timeline, seq));
      Output output = Output.of(spec);
      opened.tellWhatIsMissing(output);
      if (json) {
        output.say(Output.json(report));
      } else {
        report.pages.forEach((kind, pages) -> output.say("%14d  %s".formatted(pages, kind)));
      }
    }
    return 0;
  }
}
