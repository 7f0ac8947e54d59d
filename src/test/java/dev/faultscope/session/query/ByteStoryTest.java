package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.simulation.SimulatedEngine;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The race of the first version, told by the bytes. */
class ByteStoryTest {
  @TempDir Path folder;

  @Test
  void secondVcpuReadsAZeroWhereTheHandlerWritesLater() throws IOException {
    play(
        timeline -> {
          List<Event> loads =
              events(timeline, EventKind.DECIDE).stream()
                  .filter(event -> !timeline.contents(event.sequence()).isEmpty())
                  .toList();
          Event race = loads.getFirst();
          assertThat(timeline.contents(race.sequence())).containsExactly(new Content(3000, 1, 0));
          assertThat(tell(timeline, race))
              .contains("vcpu1")
              .contains("reads 0x00 at byte 3000 where 0xee is written later, by handler (#");
          assertThat(race.before() & PageState.PARTIAL).as("half written").isPositive();

          Event last = loads.getLast();
          assertThat(timeline.contents(last.sequence()))
              .containsExactly(new Content(3000, 1, 0xee));
          assertThat(tell(timeline, last)).endsWith("reads 0xee at byte 3000");
          assertThat(last.before() & PageState.PARTIAL).isZero();
        });
  }

  @Test
  void eachHalfOfTheWriteSaysItsBytes() throws IOException {
    play(
        timeline -> {
          List<Event> writes = events(timeline, EventKind.KERNEL);
          assertThat(writes)
              .extracting(event -> timeline.contents(event.sequence()))
              .containsExactly(
                  List.of(new Content(0, 2048, 0xee)), List.of(new Content(2048, 2048, 0xee)));
          assertThat(tell(timeline, writes.getFirst())).endsWith("0xee in bytes 0 to 2047");
          assertThat(tell(timeline, writes.getLast()))
              .contains("0xee in bytes 2048 to 4095, too late for vcpu1, which read 0x00 there (#");
        });
  }

  private static String tell(Timeline timeline, Event event) {
    return new Narrator(timeline).tell(event);
  }

  private static List<Event> events(Timeline timeline, EventKind kind) {
    return LongStream.rangeClosed(1, timeline.lastSequence())
        .mapToObj(timeline::event)
        .filter(event -> event.kind() == kind)
        .toList();
  }

  private void play(Consumer<Timeline> then) throws IOException {
    Scenario scenario =
        ScenarioParser.parse(Files.readString(Path.of("sample-scenarios/v1-race.yaml")));
    Path file = folder.resolve("race.fscope");
    TimelineInfo info = new TimelineInfo(scenario.title(), Scenario.SIMULATION, 0);
    try (RecordingFile recording = RecordingFile.create(file, info);
        SimulatedEngine engine = new SimulatedEngine(recording)) {
      ScenarioRunner.run(scenario, engine, step -> {});
      then.accept(recording.timeline());
    }
  }
}
