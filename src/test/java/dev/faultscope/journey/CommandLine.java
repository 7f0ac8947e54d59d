package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the command line says of the same recording. */
final class CommandLine {
  private CommandLine() {}

  /** {@return what a command prints that succeeds} */
  static String prints(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run((_, _) -> {}, new PrintWriter(out), new PrintWriter(err), arguments);
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  /** {@return the one JSON object that a command prints} */
  static JsonNode json(String... arguments) {
    return new JsonMapper().readTree(prints(arguments));
  }
}
