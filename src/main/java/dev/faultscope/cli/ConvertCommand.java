package dev.faultscope.cli;

import dev.faultscope.trace.TraceFormat;
import dev.faultscope.trace.TraceImporter;
import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.ndjson.NdjsonWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
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
    description = "Converts a recording to .fscope or .ndjson, by the name of OUT.")
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
    String name = out.toString().toLowerCase(Locale.ROOT);
    boolean ndjson = name.endsWith(".ndjson");
    if (!ndjson && !name.endsWith(".fscope")) {
      throw new ParameterException(
          spec.commandLine(), "OUT must end in .fscope or .ndjson: " + out);
    }
    if (Files.exists(out) && Files.exists(in) && Files.isSameFile(in, out)) {
      throw new ParameterException(spec.commandLine(), "IN and OUT are the same file: " + out);
    }
    long events;
    if (ndjson) {
      try (InputOptions.Opened opened = input.open(in);
          OutputStream to = new BufferedOutputStream(Files.newOutputStream(out), 1 << 16)) {
        NdjsonWriter.write(opened.timeline(), to);
        events = opened.timeline().lastSequence();
      }
    } else {
      // A recording of our own is copied event by event, which also mends an unfinished one.
      TraceFormat format = TraceImporter.formatOf(in);
      try (InputOptions.Imported imported = input.importTo(in, out)) {
        events = imported.timeline().lastSequence();
      }
      spec.commandLine().getErr().println("read as " + format.text());
    }
    spec.commandLine().getOut().println("wrote " + events + " events to " + out);
    return 0;
  }
}
