package dev.faultscope.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A scenario file as a command is given it. */
final class ScenarioFile {
  /** Larger files are no scenarios; the parser's own limit says so with its number. */
  private static final long MAX_BYTES = 8L << 20;

  private ScenarioFile() {}

  /**
   * {@return its text}
   *
   * @throws UnfitScenarioException if it cannot be one
   */
  static String read(Path file) throws IOException {
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
