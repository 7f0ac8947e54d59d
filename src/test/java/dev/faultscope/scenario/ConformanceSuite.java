package dev.faultscope.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The conformance suite: its scripts, and the list of the cases that they have to show. */
public final class ConformanceSuite {
  private static final Path FOLDER = Path.of("src/test/resources/conformance");

  /**
   * A case of the list.
   *
   * @param id family and number: R9
   * @param simulated whether the simulated kernel has to show it
   * @param real whether a real kernel has to
   * @param test the test that shows it in place of a script, or empty
   */
  public record Case(String id, boolean simulated, boolean real, String test) {
    static Case parse(String line) {
      String[] columns = line.split("\t", -1);
      return new Case(
          columns[0],
          columns[1].contains("S"),
          columns[1].contains("R"),
          columns.length > 2 ? columns[2] : "");
    }

    /** {@return whether a script is named after it: R9.yaml, R9-hybrid.yaml} */
    public boolean isOf(Path script) {
      return caseOf(script).equals(id);
    }
  }

  private ConformanceSuite() {}

  /** {@return every case, those without a script too} */
  public static List<Case> cases() throws IOException {
    try (Stream<String> lines = Files.lines(FOLDER.resolve("cases.tsv"))) {
      return lines.filter(line -> !line.startsWith("#")).map(Case::parse).toList();
    }
  }

  /** {@return every script by name} */
  public static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** {@return the scripts that name an engine} */
  public static List<Path> scriptsFor(String engine) throws IOException {
    return scripts().stream().filter(script -> read(script).engines().contains(engine)).toList();
  }

  /** {@return the id in front of a script's name} */
  public static String caseOf(Path script) {
    return name(script).replaceFirst("-.*", "");
  }

  /** {@return a script's name without its ending} */
  public static String name(Path script) {
    return script.getFileName().toString().replaceFirst("\\.yaml$", "");
  }

  /** Parses the script of a name. */
  public static Scenario read(String name) {
    return read(FOLDER.resolve(name + ".yaml"));
  }

  /** Parses a script. */
  public static Scenario read(Path script) {
    try {
      return ScenarioParser.parse(Files.readString(script));
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
