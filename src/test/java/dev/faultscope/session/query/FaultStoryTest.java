package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.Region;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.session.query.FaultStory.Step;
import dev.faultscope.simulation.SimulatedEngine;
import dev.faultscope.testsupport.StoryParts;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why something happened, of scripts whose course is known. */
class FaultStoryTest {
  @TempDir Path folder;

  @Test
  void everyEventOfAFaultTellsTheSameStoryFromAccessToRetry() throws IOException {
    play(
        "v1-race",
        timeline -> {
          FaultStory story = FaultStory.of(timeline, first(timeline, EventKind.ENQUEUE).sequence());
          assertThat(story.steps())
              .extracting(Step::kind)
              .containsExactly(
                  "touch", "decide", "enqueue", "read", "kernel", "install", "kernel", "install",
                  "call", "wake", "ioctl", "retry", "decide");
          assertThat(story.steps())
              .extracting(step -> step.from() + " " + step.to())
              .containsExactly(
                  "guest host_mm",
                  "host_mm host_mm",
                  "host_mm userfaultfd",
                  "userfaultfd handler",
                  "handler host_mm",
                  "host_mm host_mm",
                  "handler host_mm",
                  "host_mm host_mm",
                  "handler userfaultfd",
                  "userfaultfd guest",
                  "userfaultfd handler",
                  "guest host_mm",
                  "host_mm host_mm");
          assertThat(story.participants())
              .extracting(FaultStory.Participant::label)
              .containsExactly("thread: vcpu0", "host mm", "userfaultfd", "handler: handler");
          for (Step step : story.steps()) {
            FaultStory other = FaultStory.of(timeline, Objects.requireNonNull(step.seq()));
            assertThat(other.steps()).as("from #" + step.seq()).isEqualTo(story.steps());
            assertThat(other.about()).isEqualTo(story.about());
          }
        });
  }

  @Test
  void secondVcpuOfTheRaceHasAStoryOfItsOwnWithoutAMessage() throws IOException {
    play(
        "v1-race",
        timeline -> {
          Event race =
              events(timeline).stream()
                  .filter(event -> event.kind() == EventKind.TOUCH)
                  .skip(1)
                  .findFirst()
                  .orElseThrow();
          FaultStory story = FaultStory.of(timeline, race.sequence());
          assertThat(story.steps())
              .extracting(Step::kind)
              .containsExactly("touch", "decide", "install");
          assertThat(story.steps().get(1).text()).contains("reads 0x00 at byte 3000");
          assertThat(story.parts()).as("nobody waited").isNull();
        });
  }

  @Test
  void exitToTheVmmGoesOnWithWhatMadeThePageFitAndSaysThatTheCauseIsNotRecorded()
      throws IOException {
    play(
        "userfault-and-uffd",
        timeline -> {
          Event exit =
              events(timeline).stream()
                  .filter(event -> event.kind() == EventKind.EXIT)
                  .filter(event -> event.detail() == ExitReason.MEMORY_FAULT.code())
                  .findFirst()
                  .orElseThrow();
          FaultStory story = FaultStory.of(timeline, exit.sequence());
          assertThat(story.participants())
              .extracting(FaultStory.Participant::label)
              .containsExactly("guest: vCPU 0", "KVM", "host mm", "VMM: vmm");
          Step left = step(story, exit.sequence());
          assertThat(left.from() + " " + left.to()).isEqualTo("kvm vmm");
          Step cleared =
              story.steps().stream()
                  .filter(step -> step.text().contains("no longer userfault bit"))
                  .findFirst()
                  .orElseThrow();
          assertThat(cleared.linked()).isFalse();
          assertThat(StoryText.TEXT.of(story))
              .contains("no longer userfault bit (cause not recorded)");
          assertThat(story.steps().getLast().text()).contains("now mapped in stage 2");
          assertThat(FaultStory.of(timeline, Objects.requireNonNull(cleared.seq())).steps())
              .as("from what cleared the bit")
              .isEqualTo(story.steps());
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1-race",
        "userfault-and-uffd",
        "three-origins",
        "handler-death",
        "slot-types",
        "one-uffd-per-vcpu"
      })
  void everyEventIsInItsStoryAndTimesAddUp(String scenario) throws IOException {
    play(
        scenario,
        timeline -> {
          long last = Math.min(timeline.lastSequence(), 400);
          for (long at = 1; at <= last; at++) {
            FaultStory story = FaultStory.of(timeline, at);
            List<Step> recorded =
                story.steps().stream().filter(step -> step.seq() != null).toList();
            assertThat(recorded).extracting(Step::seq).as("#" + at).contains(at).isSorted();
            assertThat(recorded.size()).isLessThanOrEqualTo(FaultStory.MAX_STEPS);
            long gaps =
                recorded.stream().skip(1).mapToLong(s -> Objects.requireNonNull(s.gapNs())).sum();
            assertThat(gaps)
                .isEqualTo(
                    Objects.requireNonNull(recorded.getLast().timeNs())
                        - Objects.requireNonNull(recorded.getFirst().timeNs()));
            for (Step step : recorded) {
              Event event = timeline.event(Objects.requireNonNull(step.seq()));
              assertThat(step.inferred()).isEqualTo(event.is(EventFlags.INFERRED));
              assertThat(step.text()).isEqualTo(new Narrator(timeline).tell(event));
            }
          }
          for (FaultTable.Row row :
              FaultTable.of(timeline, FaultOrder.TIME, null, null, 1000).rows()) {
            FaultStory.Parts parts =
                Objects.requireNonNull(FaultStory.of(timeline, row.seq()).parts());
            assertThat(parts).as("wait #" + row.seq()).isEqualTo(StoryParts.of(row));
          }
        });
  }

  @Test
  void aWaitThatDoesNotEndSaysWhatIsNotRecorded() throws IOException {
    String whole = Files.readString(Path.of("sample-scenarios/v1-race.yaml"));
    String untilRead = whole.substring(0, whole.indexOf("  # The handler begins"));
    playText(
        "unanswered",
        untilRead,
        timeline -> {
          FaultStory story = FaultStory.of(timeline, first(timeline, EventKind.READ).sequence());
          assertThat(story.steps())
              .filteredOn(step -> step.seq() == null)
              .extracting(Step::text)
              .containsExactly("ioctl: not recorded", "wake: not recorded", "retry: not recorded");
          assertThat(story.steps())
              .filteredOn(step -> step.seq() == null)
              .extracting(Step::gapNs)
              .containsOnlyNulls();
          assertThat(Objects.requireNonNull(story.parts()).waitNs()).isNull();
          assertThat(StoryText.TEXT.of(story)).contains("waited not recorded: unread 1,000 ns");
        });
  }

  @Test
  void callThatIsToldRangeByRangeReturnsInTheStoryOfEachRange() throws IOException {
    play(
        "handler-death",
        timeline -> {
          Event range =
              events(timeline).stream()
                  .filter(event -> event.kind() == EventKind.CALL)
                  .filter(event -> event.is(EventFlags.CONTINUED))
                  .filter(event -> event.covers(0, 2))
                  .findFirst()
                  .orElseThrow();
          FaultStory story = FaultStory.of(timeline, range.cause());
          assertThat(story.steps())
              .filteredOn(step -> step.kind().equals("call"))
              .extracting(Step::seq)
              .last()
              .isEqualTo(range.sequence());
          assertThat(story.steps().getLast().text())
              .isEqualTo("UFFDIO_WAKE on page 0x2 (ram) by handler succeeded");
        });
  }

  @Test
  void aPageIsToldByWhatHappenedToItLast() throws IOException {
    play(
        "v1-race",
        timeline -> {
          Event enqueue = first(timeline, EventKind.ENQUEUE);
          assertThat(
                  FaultStory.ofPage(
                          timeline, enqueue.region(), enqueue.firstPage(), enqueue.sequence() + 1)
                      .about())
              .isEqualTo(enqueue.sequence());
          assertThatThrownBy(() -> FaultStory.ofPage(timeline, 0, 10, 0))
              .hasMessage("nothing is recorded of page 0xa of gmem up to moment 0");
          assertThatThrownBy(() -> FaultStory.ofPage(timeline, 0, 64, 1))
              .hasMessage("region 0 has no page 64");
        });
  }

  @Test
  void storyThatNobodysAccessBeganSaysHowFarItWasFollowed() throws IOException {
    int events = 30_000;
    TimelineInfo info = new TimelineInfo("a handler by itself", "simulation", 0);
    try (RecordingFile recording = RecordingFile.create(folder.resolve("a.fscope"), info)) {
      recording.region(new Region(0, "ram", 0, Region.NO_GPA, 64, Backing.ANON, 1, false));
      recording.actor(new Actor(0, ActorKind.HANDLER, "h", 1, -1));
      EventDraft draft = new EventDraft();
      for (int i = 0; i < events; i++) {
        recording.append(draft.of(EventKind.CALL, i).actor(0).detail(1).pages(0, i % 64, 1));
      }
      FaultStory early = FaultStory.of(recording.timeline(), 1);
      assertThat(early.remarks())
          .extracting(FaultStory.Remark::text)
          .containsExactly("Told as far as #10001; what comes later was not looked at.");
      FaultStory late = FaultStory.of(recording.timeline(), events - 100);
      assertThat(late.remarks()).isEmpty();
      recording.timeline().close();
    }
  }

  @Test
  void diagramsKeepNamesThatHoldTheirOwnMarkup() {
    FaultStory story =
        new FaultStory(
            3,
            3,
            "title",
            List.of(
                new FaultStory.Participant("guest", "guest", "a;b#\"c\nend"),
                new FaultStory.Participant("host_mm", "host mm", "")),
            List.of(
                new Step(3L, 5L, null, "touch", "guest", "host_mm", "x --> y; **z**", true, true)),
            null,
            null,
            List.of());
    assertThat(StoryText.MERMAID.of(story))
        .isEqualTo(
            """
            sequenceDiagram
              participant guest as guest: a#59;b#35;#34;c end
              participant host_mm as host mm
              guest-->>host_mm: #35;3 x -#45;#62; y#59; **z**
            """);
    assertThat(StoryText.PLANTUML.of(story))
        .isEqualTo(
            """
            @startuml
            participant "guest: a;b#<U+0022>c end" as guest
            participant "host mm" as host_mm
            guest --> host_mm : #3 x -<U+002D><U+003E> y; <U+002A><U+002A>z<U+002A><U+002A>
            @enduml
            """);
  }

  private static Step step(FaultStory story, long seq) {
    return story.steps().stream()
        .filter(step -> Objects.equals(step.seq(), seq))
        .findFirst()
        .orElseThrow();
  }

  private static Event first(Timeline timeline, EventKind kind) {
    return events(timeline).stream()
        .filter(event -> event.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private static List<Event> events(Timeline timeline) {
    return LongStream.rangeClosed(1, timeline.lastSequence()).mapToObj(timeline::event).toList();
  }

  private void play(String name, Consumer<Timeline> then) throws IOException {
    playText(name, Files.readString(Path.of("sample-scenarios/" + name + ".yaml")), then);
  }

  private void playText(String name, String text, Consumer<Timeline> then) throws IOException {
    Scenario scenario = ScenarioParser.parse(text);
    TimelineInfo info = new TimelineInfo(scenario.title(), Scenario.SIMULATION, 0);
    try (RecordingFile recording = RecordingFile.create(folder.resolve(name + ".fscope"), info);
        SimulatedEngine engine = new SimulatedEngine(recording)) {
      ScenarioRunner.run(scenario, engine, step -> {});
      then.accept(recording.timeline());
    }
  }
}
