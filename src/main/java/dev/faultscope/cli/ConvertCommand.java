package dev.faultscope.cli;

import dev.faultscope.model.Counted;
import dev.faultscope.trace.TraceWriters;
import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.output.TraceWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a recording in another form. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description = "Writes a recording in another form, by the ending of OUT.")
final class ConvertCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "IN", description = "The recording to read.")
  private Path in = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The file to write, replaced if it exists.")
  private Path out = Path.of("");

  @Mixin private InputOptions input = new InputOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, TraceException {
    TraceWriters writers = TraceWriters.STANDARD;
    TraceWriter writer =
        writers
            .forFile(out.toString())
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "OUT must end in "
                            + writers.all().stream()
                                .map(each -> "." + each.name())
                                .collect(Collectors.joining(" or "))
                            + ": "
                            + out));
    if (Files.exists(out) && Files.exists(in) && Files.isSameFile(in, out)) {
      throw new ParameterException(spec.commandLine(), "IN and OUT are the same file: " + out);
    }
    try (InputOptions.Opened opened = input.open(in);
        OutputStream to = new BufferedOutputStream(Files.newOutputStream(out), 1 << 16)) {
      writer.write(opened.timeline(), opened.timeline().bookmarks(), to);
      if (!opened.lost().isEmpty()) {
        spec.commandLine().getErr().println(opened.lost());
      }
      spec.commandLine().getErr().println("read as " + opened.format().text());
      spec.commandLine()
          .getOut()
          .println("wrote " + Counted.of(opened.timeline().lastSequence(), "event") + " to " + out);
    }
    return 0;
  }
}
