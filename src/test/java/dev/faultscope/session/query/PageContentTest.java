package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.scenario.ConformanceSuite;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.query.PageContent.Range;
import dev.faultscope.simulation.SimulatedEngine;
import dev.faultscope.simulation.kernel.ShownPage;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the inspector says that a page holds is what the simulated kernel has there. */
class PageContentTest {
  private static final int PAGES_OF_A_MAPPING = 40;

  @TempDir Path folder;

  static Stream<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("sample-scenarios"))) {
      return Stream.concat(
          files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream(),
          ConformanceSuite.scripts().stream());
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void theKindOfEveryPageIsThatOfItsBytesAtEveryMoment(Path script) throws IOException {
    play(
        script,
        (timeline, engine) -> {
          long last = timeline.lastSequence();
          for (long seq = 0; seq <= last; seq += Math.max(1, last / 25)) {
            PageContents contents = PageContents.of(timeline, seq);
            assertThat(contents.complete()).isTrue();
            Map<String, String> told = new HashMap<>();
            for (PageContents.Run run : contents.runs()) {
              for (int page = run.page(); page < run.page() + run.pages(); page++) {
                told.put(run.region() + ":" + page, run.kind());
              }
            }
            for (Region region : timeline.regions()) {
              String begun = PageContents.kind(region.initial()).id();
              for (int page = 0; page < Math.min(PAGES_OF_A_MAPPING, region.pages()); page++) {
                PageDetails details = PageDetails.of(timeline, region.index(), page, seq);
                assertThat(told.getOrDefault(region.index() + ":" + page, begun))
                    .as("page %d of %s at %d: %s", page, region.name(), seq, details.content())
                    .isEqualTo(kindOf(details));
              }
            }
          }
        });
  }

  private static String kindOf(PageDetails page) {
    PageContent content = page.content();
    Set<Integer> values = new HashSet<>();
    boolean all = true;
    for (Range range : content.ranges()) {
      all &= range.value() != null;
      if (range.value() != null) {
        values.add(range.value());
      }
    }
    if ((page.state() & PageState.PARTIAL) != 0) {
      return "half";
    }
    if (!content.there()) {
      return "nothing";
    }
    if (!content.known()) {
      return "unknown";
    }
    if (!all) {
      return "part";
    }
    return values.size() > 1 ? "several" : values.contains(0) ? "zero" : "filled";
  }

  @Test
  void minorFaultIsAboutAPageThatIsThereThoughItsBytesAreUnknown() throws IOException {
    try (RecordingFile recording =
        RecordedSessions.write(folder.resolve("minor.fscope"), 1, 1, 50)) {
      Timeline timeline = recording.timeline();
      Event enqueue = timeline.event(2);
      assertThat(enqueue.kind()).isEqualTo(EventKind.ENQUEUE);

      PageContent content = PageDetails.of(timeline, 0, enqueue.firstPage(), 2).content();

      assertThat(content.there()).isTrue();
      assertThat(content.known()).isFalse();
      timeline.close();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyKnownByteIsTheKernels(Path script) throws IOException {
    play(
        script,
        (timeline, engine) -> {
          int known = 0;
          int there = 0;
          long last = timeline.lastSequence();
          for (ShownPage page : ShownPage.of(engine.kernel(), PAGES_OF_A_MAPPING)) {
            PageContent content =
                PageDetails.of(timeline, page.region(), page.page(), last).content();
            assertThat(content.there())
                .as("page %d of region %d", page.page(), page.region())
                .isEqualTo(page.bytes().length > 0);
            there += content.there() ? 1 : 0;
            known += content.known() ? 1 : 0;
            for (Range range : content.ranges()) {
              Integer value = range.value();
              for (int i = range.offset();
                  value != null && i < range.offset() + range.length();
                  i++) {
                assertThat(page.bytes()[i] & 0xff)
                    .as("byte %d of page %d of region %d: %s", i, page.page(), page.region(), range)
                    .isEqualTo(value);
              }
            }
          }
          assertThat(known).as("of %d pages that are there", there).isEqualTo(there);
        });
  }

  @Test
  void halfWrittenPageSaysWhichHalfAndByWhom() throws IOException {
    play(
        Path.of("sample-scenarios/v1-race.yaml"),
        (timeline, engine) -> {
          long second =
              java.util.stream.LongStream.rangeClosed(1, timeline.lastSequence())
                  .filter(seq -> timeline.event(seq).kind() == EventKind.KERNEL)
                  .max()
                  .orElseThrow();
          PageContent before = PageDetails.of(timeline, 0, 9, second - 1).content();
          assertThat(before.ranges()).extracting(Range::value).containsExactly(0xee, 0);
          assertThat(before.ranges()).extracting(Range::length).containsExactly(2048, 2048);
          assertThat(before.ranges().getFirst().text()).contains("handler: write(2) to the file");

          PageContent after = PageDetails.of(timeline, 0, 9, second).content();
          assertThat(after.ranges()).extracting(Range::value).containsExactly(0xee, 0xee);
          assertThat(after.ranges().getLast().seq()).isEqualTo(second);
          assertThat(PageDetails.of(timeline, 0, 10, second).content().there()).isFalse();
        });
  }

  @Test
  void recordingWithoutBytesSaysNotKnown() throws IOException {
    try (RecordingFile recording = RecordedSessions.write(folder.resolve("r.fscope"), 1, 1, 16)) {
      Timeline timeline = recording.timeline();
      int page = timeline.event(timeline.lastSequence()).firstPage();
      PageContent content = PageDetails.of(timeline, 0, page, timeline.lastSequence()).content();
      assertThat(content.there()).isTrue();
      assertThat(content.known()).isFalse();
      assertThat(content.ranges()).extracting(Range::value).containsOnlyNulls();
    }
  }

  private void play(Path script, BiConsumer<Timeline, SimulatedEngine> then) throws IOException {
    Scenario scenario = ScenarioParser.parse(Files.readString(script));
    Path file = folder.resolve("run-" + System.nanoTime() + ".fscope");
    TimelineInfo info = new TimelineInfo(scenario.title(), Scenario.SIMULATION, 0);
    try (RecordingFile recording = RecordingFile.create(file, info);
        SimulatedEngine engine = new SimulatedEngine(recording)) {
      ScenarioRunner.run(scenario, engine, step -> {});
      then.accept(recording.timeline(), engine);
    }
  }
}
