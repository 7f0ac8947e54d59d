package dev.faultscope.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.policy.Policies;
import dev.faultscope.settings.Durations;
import dev.faultscope.settings.Parameter;
import dev.faultscope.workload.Workloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of docs/scenario-format.md say what the parser knows. */
class FormatDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/scenario-format.md");

  @Test
  void tablesAreThoseOfTheParser() throws IOException {
    String document = Files.readString(DOCUMENT);

    assertThat(document)
        .contains(
            table(
                "| workload | accesses |",
                Workloads.all().stream()
                    .map(kind -> row(kind.name(), kind.about(), kind.ownParameters()))))
        .contains(
            table(
                "| policy | answers |",
                Policies.all().stream()
                    .map(kind -> row(kind.name(), kind.about(), kind.parameters()))))
        .contains(
            table(
                "| source | fetches |",
                Arrays.stream(SourceKind.values())
                    .map(kind -> row(kind.key(), kind.about(), kind.parameters()))))
        .contains(
            table(
                "| cost | default | of |",
                Arrays.stream(Cost.values())
                    .map(
                        cost ->
                            "| `%s` | %s | %s |"
                                .formatted(
                                    cost.key(), Durations.text(cost.defaultNs()), cost.about()))));
  }

  private static String table(String head, java.util.stream.Stream<String> rows) {
    String rule = head.replaceAll("[^|]+", "---");
    return rows.collect(Collectors.joining("\n", head + "\n" + rule + "\n", "\n"));
  }

  private static String row(String key, String about, List<Parameter> parameters) {
    String settings =
        parameters.stream().map(FormatDocumentTest::setting).collect(Collectors.joining("; "));
    return "| `%s` | %s%s |".formatted(key, about, settings.isEmpty() ? "" : ". " + settings);
  }

  private static String setting(Parameter parameter) {
    String otherwise =
        switch (parameter.type()) {
          case NUMBER -> String.valueOf(parameter.otherwise());
          case DURATION -> Durations.text(parameter.otherwise());
          case FLAG -> parameter.otherwise() != 0 ? "true" : "false";
          case WORD -> String.join(" or ", parameter.words());
        };
    return "`%s` (%s): %s".formatted(parameter.name(), otherwise, parameter.about());
  }
}
