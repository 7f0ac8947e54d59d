package dev.faultscope.cli;

import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The recording that a command is about, and how it is read. */
final class RecordingArgument {
  @Parameters(index = "0", paramLabel = "FILE", description = "The recording to read.")
  private Path file = Path.of("");

  @Mixin private InputOptions input = new InputOptions();

  /** Opens it, as {@link InputOptions#open}. */
  InputOptions.Opened open() throws IOException, TraceException {
    return input.open(file);
  }
}
