package dev.faultscope.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A scenario file, and values of it that are set from outside. */
final class ScenarioOptions {
  /** Larger files are no scenarios; the parser's own limit says so with its number. */
  private static final long MAX_BYTES = 8L << 20;

  @Parameters(index = "0", paramLabel = "SCENARIO", description = "The scenario file.")
  private Path file = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a value of the scenario: handlers.h.readers=4. May be repeated.")
  private Map<String, String> set = new LinkedHashMap<>();

  Path file() {
    return file;
  }

  /** {@return values by path} */
  Map<String, String> set() {
    return set;
  }

  /**
   * {@return the file's text}
   *
   * @throws UnfitScenarioException if it cannot be a scenario's
   */
  String text() throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new UnfitScenarioException("the file has more than " + MAX_BYTES + " bytes");
    }
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new UnfitScenarioException("the file is not UTF-8 text");
    }
  }
}
