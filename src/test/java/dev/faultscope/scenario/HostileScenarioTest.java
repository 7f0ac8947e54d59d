package dev.faultscope.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.UnkeptRecording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario files that somebody damaged, or wrote to do harm. */
class HostileScenarioTest {
  private static final List<String> VALUES =
      List.of(
          "-1",
          "0",
          "9223372036854775807",
          "-9223372036854775808",
          "18446744073709551616",
          "1e999",
          ".nan",
          "0x",
          "4194304",
          "65536",
          "512",
          "~",
          "''",
          "[]",
          "{}",
          "true",
          "&a 1",
          "*a",
          "\"\\0\"",
          "!!java.net.URL x",
          "2147483648us",
          "ram[99999999999]",
          "x".repeat(300));

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final List<String> TEXTS = texts();

  private static List<String> texts() {
    try (Stream<Path> gallery = Files.list(Path.of("sample-scenarios"))) {
      return Stream.concat(gallery, ConformanceSuite.scripts().stream())
          .sorted()
          .map(HostileScenarioTest::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aDamagedFileIsReadOrRefusedWithAPlaceInIt() {
    Seeds.forEach(
        2000,
        seed -> {
          String text = damaged(new SplittableRandom(seed));
          try {
            ScenarioParser.parse(text);
          } catch (ScenarioException e) {
            assertThat(e.line()).as(text).isBetween(1, (int) text.lines().count() + 1);
            assertThat(e.column()).as(text).isPositive();
            assertThat(e.problem()).as(text).isNotBlank().hasSizeLessThan(2000);
          }
        });
  }

  @Test
  void whatIsReadCanBeStartedOrIsRefusedInWords() {
    Seeds.forEach(
        300,
        seed -> {
          SplittableRandom random = new SplittableRandom(seed);
          String text = revalued(TEXTS.get(random.nextInt(TEXTS.size())), random);
          Scenario scenario;
          try {
            scenario = ScenarioParser.parse(text);
          } catch (ScenarioException _) {
            return;
          }
          if (scenario.engines().contains(Scenario.SIMULATION)) {
            play(scenario, text);
          }
        });
  }

  /** A few thousand steps: whatever is asked for, memory and time of one step stay bounded. */
  private static void play(Scenario scenario, String text) {
    try {
      Simulation simulation =
          Simulation.start(scenario, SimulationOptions.NONE, new UnkeptRecording());
      for (int i = 0; i < 3000 && simulation.advance(); i++) {
        // What comes of it is nobody's business here.
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      assertThat(e).as(text).hasMessageMatching("(?s).*\\w.*");
    } catch (RuntimeException e) {
      fail(text, e);
    }
  }

  private static String damaged(SplittableRandom random) {
    String text = TEXTS.get(random.nextInt(TEXTS.size()));
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      text =
          switch (random.nextInt(6)) {
            case 0 -> revalued(text, random);
            case 1 -> text.substring(0, random.nextInt(text.length() + 1));
            case 2 -> {
              int at = random.nextInt(text.length() + 1);
              yield text.substring(0, at) + (char) random.nextInt(0x80) + text.substring(at);
            }
            case 3 -> { // a line twice
              List<String> lines = text.lines().toList();
              String line = lines.isEmpty() ? "" : lines.get(random.nextInt(lines.size()));
              yield text.replace(line + "\n", line + "\n" + line + "\n");
            }
            case 4 -> { // a line less
              List<String> lines = text.lines().toList();
              String line = lines.isEmpty() ? "" : lines.get(random.nextInt(lines.size()));
              yield text.replace(line + "\n", "");
            }
            default -> { // two words change places
              List<String> words = words(text);
              yield words.size() < 2
                  ? text
                  : text.replace(
                      words.get(random.nextInt(words.size())),
                      words.get(random.nextInt(words.size())));
            }
          };
    }
    return text;
  }

  /** Another value in the place of a word. */
  private static String revalued(String text, SplittableRandom random) {
    List<MatchResult> words = WORD.matcher(text).results().toList();
    if (words.isEmpty()) {
      return text;
    }
    MatchResult word = words.get(random.nextInt(words.size()));
    return text.substring(0, word.start())
        + VALUES.get(random.nextInt(VALUES.size()))
        + text.substring(word.end());
  }

  private static List<String> words(String text) {
    return WORD.matcher(text).results().map(MatchResult::group).distinct().toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "title: t\ntitle: u",
        "title: t\nseed: 1e400",
        "title: t\nmemory: {a: {backing: anon, pages: 9223372036854775807}}",
        "title: t\nmemory: {a: {backing: anon, pages: -1}}",
        "title: t\nthreads: {t: {count: 1000000000, workload: {kind: random}}}",
        "title: t\ncosts: {copy: -5ns}",
        "title: t\ncosts: {copy: .nan}",
        "title: \"\\0\"\nmemory: [",
        "\u0000",
        "title: t\n"
            + "steps: [{loop: {times: 10000, steps: [{loop: {times: 10000, steps: [{api: u}]}}]}}]",
        "title: t\n? [a]\n: b",
        "- - - - - - - - - - - - - - - - - - - - - - - - x",
      })
  void harmIsRefusedWithItsPlace(String text) {
    try {
      ScenarioParser.parse(text);
      fail("accepted: " + text);
    } catch (ScenarioException e) {
      assertThat(e.line()).isPositive();
      assertThat(e.column()).isPositive();
      assertThat(e.problem()).isNotBlank();
    }
  }

  @Test
  void settingsAreReadAsCarefully() {
    for (String value : VALUES) {
      for (String path : List.of("memory.ram.pages", "handlers.h.readers", "seed", "a..b", ".")) {
        try {
          ScenarioParser.parse(
              read(Path.of("sample-scenarios/postcopy.yaml")), Map.of(path, value));
        } catch (ScenarioException e) {
          assertThat(e.problem()).as(path + "=" + value).isNotBlank();
        }
      }
    }
  }
}
