package dev.faultscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Recordings of version 1, and the NDJSON and statistics that the program of that version gave for
 * them. One number is put right there: a call of many pages was counted once for each of its
 * records.
 */
class VersionOneTest {
  private static final Path FOLDER = Path.of("src/test/resources/timeline/v1");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"simulated", "imported"})
  void eventsAndStatesAreWhatTheyWere(String name) throws Exception {
    Path lines = folder.resolve("now.ndjson");
    run("convert", "" + FOLDER.resolve(name + ".fscope"), "" + lines);

    assertThat(plain(lines)).isEqualTo(plain(FOLDER.resolve(name + ".ndjson")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"simulated", "imported"})
  void statisticsAreWhatTheyWereAndCountACallOnce(String name) throws Exception {
    Path newest = folder.resolve("newest.fscope");
    run("convert", "" + FOLDER.resolve(name + ".fscope"), "" + newest);
    JsonNode expected = JSON.readTree(Files.readString(FOLDER.resolve(name + ".stats.json")));

    for (Path file :
        List.of(FOLDER.resolve(name + ".fscope"), FOLDER.resolve(name + ".ndjson"), newest)) {
      JsonNode told = JSON.readTree(run("stats", "" + file, "--json"));
      for (String field :
          List.of("events", "faults", "ioctls", "resolutions", "latencyNs", "faultsByThread")) {
        assertThat(told.path(field)).as("%s of %s", field, file).isEqualTo(expected.path(field));
      }
    }
  }

  /** Lines without what version 2 adds: its number, and the mark of a record that goes on. */
  private static List<JsonNode> plain(Path file) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      ObjectNode node = (ObjectNode) JSON.readTree(line);
      node.remove("version");
      if (node.get("flags") instanceof ArrayNode flags) {
        flags.removeIf(flag -> flag.asString().equals("CONTINUED"));
        if (flags.isEmpty()) {
          node.remove("flags");
        }
      }
      lines.add(node);
    }
    return lines;
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            (say, more) -> {
              throw new AssertionError("nothing is served");
            },
            new PrintWriter(out),
            new PrintWriter(err),
            arguments);
    assertThat(status).as(err.toString()).isZero();
    return out.toString();
  }
}
