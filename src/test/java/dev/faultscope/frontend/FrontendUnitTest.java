package dev.faultscope.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Programs;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Runs the tests of the front end that need no browser. */
@Requires(Requirement.NODE)
class FrontendUnitTest {

  private static final Pattern COUNT =
      Pattern.compile("^# (tests|pass|fail) (\\d+)$", Pattern.MULTILINE);

  @Test
  void nodeTestsPass() throws Exception {
    List<String> command = new ArrayList<>(List.of("node", "--test", "--test-reporter=tap"));
    try (var files = Files.walk(Path.of("frontend/test/unit"))) {
      // Named one by one: what node makes of a folder differs between its versions.
      files
          .map(Path::toString)
          .filter(file -> file.endsWith(".test.js"))
          .sorted()
          .forEach(command::add);
    }
    assertThat(command).as("test files in frontend/test/unit").hasSizeGreaterThan(3);

    Programs.Result result = Programs.run(Path.of(""), Duration.ofMinutes(3), Map.of(), command);

    String counts =
        COUNT
            .matcher(result.output())
            .results()
            .map(match -> match.group(1) + " " + match.group(2))
            .collect(Collectors.joining(", "));
    System.out.println("node --test: " + counts);
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(counts).as(result.output()).contains("fail 0").doesNotContain("tests 0");
  }
}
