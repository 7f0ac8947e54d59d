package dev.faultscope.session.scenario;

import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioException;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.scenario.ScenarioSchema;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The gallery of scenarios, and the reading of what people write. Safe for many threads. */
public final class Scenarios {
  /** Most pages of all memory of a scenario that is started from a browser: 16 GiB. */
  public static final long MAX_PAGES = 1L << 22;

  private final List<Entry> gallery;

  /**
   * A scenario as it comes with the program.
   *
   * @param name of its file, without the ending
   */
  public record Source(String name, String text) {}

  /**
   * A scenario of the gallery.
   *
   * @param about what to watch
   * @param group the heading it belongs under
   * @param beside the name of one to be seen beside it, empty for none
   * @param engines where it can run
   * @param comparable whether handlers can be compared on it
   */
  public record Entry(
      String name,
      String title,
      String about,
      String group,
      String beside,
      List<String> engines,
      boolean comparable,
      String text) {}

  /**
   * A gallery.
   *
   * @throws ScenarioException if one of them is none
   */
  public Scenarios(List<Source> sources) {
    gallery =
        sources.stream()
            .map(Scenarios::entry)
            .sorted(Comparator.comparing(Entry::group).thenComparing(Entry::title))
            .toList();
  }

  private static Entry entry(Source source) {
    Scenario scenario = ScenarioParser.parse(source.text());
    return new Entry(
        source.name(),
        scenario.title(),
        scenario.about().strip(),
        scenario.group(),
        scenario.beside(),
        scenario.engines().stream().sorted().toList().reversed(),
        scenario.isComparable(),
        source.text());
  }

  /** {@return every scenario of the gallery, by group and title} */
  public List<Entry> list() {
    return gallery;
  }

  /** {@return the scenario of a name} */
  public Optional<Entry> find(String name) {
    return gallery.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /** {@return what a scenario may hold, as its parser reads it} */
  public Map<String, Object> schema() {
    return PlainSchema.of(ScenarioSchema.standard());
  }

  /**
   * {@return the title of a text that can be run}
   *
   * @throws BadScenarioException if it cannot be
   */
  public String check(String text) {
    return read(text, Map.of()).title();
  }

  /**
   * {@return the scenario of a text}
   *
   * @param set values that replace the text's
   * @throws BadScenarioException if it is none, or asks for more than a browser may
   */
  Scenario read(String text, Map<String, String> set) {
    try {
      Scenario scenario = ScenarioParser.parse(text, set);
      long pages = scenario.memory().stream().mapToLong(memory -> memory.pages()).sum();
      if (pages > MAX_PAGES) {
        throw new ScenarioException(
            1,
            1,
            "all memory together has "
                + pages
                + " pages; from here at most "
                + MAX_PAGES
                + " can be run (the command line takes more)");
      }
      return scenario;
    } catch (ScenarioException e) {
      throw new BadScenarioException(e);
    }
  }
}
