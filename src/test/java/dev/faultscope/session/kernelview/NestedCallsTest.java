package dev.faultscope.session.kernelview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.PageState;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.ConformanceSuite;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.simulation.SimulatedEngine;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An event stands in the call that it happened in, and in no other of its actor. */
class NestedCallsTest {
  /** Events of a scenario that are looked at; the longest has some hundred thousand. */
  private static final long LOOKED_AT = 4000;

  private static final Set<KernelEventKind> EVENTS_READ =
      Set.of(
          KernelEventKind.UFFD_FORK,
          KernelEventKind.UFFD_REMAP,
          KernelEventKind.UFFD_REMOVE,
          KernelEventKind.UFFD_UNMAP);

  @TempDir Path folder;

  static Stream<Scenario> scenarios() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("sample-scenarios"))) {
      List<Path> gallery =
          files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
      return Stream.concat(
              gallery.stream().map(NestedCallsTest::text),
              ConformanceSuite.scripts().stream().map(NestedCallsTest::text))
          .map(ScenarioParser::parse);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void noEventStandsInACallThatHadReturned(Scenario scenario) throws IOException {
    play(
        scenario,
        timeline -> {
          Map<String, Event> open = new HashMap<>();
          long last = Math.min(LOOKED_AT, timeline.lastSequence());
          for (long seq = 1; seq <= last; seq++) {
            Event event = timeline.event(seq);
            if (event.kind() == EventKind.CALL) {
              open.put(label(timeline, event.actor()), event);
            }
            check(timeline, event, KernelView.of(timeline, seq), open);
            boolean goesOn = seq < last && timeline.event(seq + 1).is(EventFlags.CONTINUED);
            if (event.kind() == EventKind.IOCTL && !goesOn) {
              open.remove(label(timeline, event.actor()));
            }
          }
        });
  }

  private static void check(
      Timeline timeline, Event event, KernelView view, Map<String, Event> open) {
    List<String> names = view.frames().stream().map(Frame::function).toList();
    String what = event + " in " + names;
    boolean readsEvent =
        event.kind() == EventKind.KERNEL
            && EVENTS_READ.contains(KernelEventKind.ofCode(event.detail()));
    boolean readsFault =
        event.kind() == EventKind.READ && FaultOrigin.ofCode(event.detail()) == FaultOrigin.UFFD;
    assertThat(names.contains("userfaultfd_ctx_read")).as(what).isEqualTo(readsFault || readsEvent);
    if (names.contains("userfaultfd_ioctl")) {
      String task = view.frames().getFirst().values().getFirst().value();
      Event call = open.get(task);
      assertThat(call).as(what + ": " + task + " is in no ioctl").isNotNull();
      UffdIoctl ioctl = UffdIoctl.ofCode(Objects.requireNonNull(call).detail());
      if (ioctl != UffdIoctl.UNKNOWN) {
        assertThat(names).as(what).contains("userfaultfd_" + ioctl.name().toLowerCase(Locale.ROOT));
      }
    }
    if (names.contains("vfs_write")) {
      Event call = event.kind() == EventKind.INSTALL ? timeline.event(event.cause()) : event;
      assertThat(KernelEventKind.ofCode(call.detail())).isEqualTo(KernelEventKind.FILE_WRITE);
    }
  }

  private static String label(Timeline timeline, int actor) {
    return timeline.actors().get(actor).label();
  }

  @Test
  void aPageEntersTheCacheInTheWriteThatBringsItsBytes() throws IOException {
    Scenario scenario = ScenarioParser.parse(text(Path.of("sample-scenarios/v1-race.yaml")));
    play(
        scenario,
        timeline -> {
          List<Event> writes =
              events(timeline, EventKind.KERNEL).stream()
                  .filter(event -> event.detail() == KernelEventKind.FILE_WRITE.code())
                  .toList();
          assertThat(writes).as("the second half changes no page fact").hasSize(2);
          Event entered = timeline.event(writes.getFirst().sequence() + 1);
          assertThat(entered.kind()).isEqualTo(EventKind.INSTALL);
          assertThat(entered.after() & PageState.CACHED).isPositive();
          assertThat(names(timeline, entered.sequence()))
              .endsWith("do_syscall_64", "ksys_write", "vfs_write");
        });
  }

  @Test
  void everyFrameNamesTheRecordingsKernel() throws IOException {
    Scenario scenario = ScenarioParser.parse(text(Path.of("sample-scenarios/v1-race.yaml")));
    play(
        scenario,
        timeline -> {
          for (long seq = 1; seq <= timeline.lastSequence(); seq++) {
            KernelView view = KernelView.of(timeline, seq);
            assertThat(view.kernel()).startsWith("Simulated Linux 6.18, guest-memfd hybrid");
            assertThat(view.frames())
                .allSatisfy(frame -> assertThat(frame.kernel()).isEqualTo("Linux 6.18 + v1"));
            assertThat(names(timeline, seq)).doesNotContain("__do_userfault");
            assertThat(view.versions())
                .extracting(KernelView.VersionInfo::id)
                .doesNotContain("v1")
                .contains("mainline", "v2");
          }
          Event missing = events(timeline, EventKind.ENQUEUE).getFirst();
          assertThat(names(timeline, missing.sequence()))
              .contains("kvm_gmem_fault", "handle_userfault");
          Frame trap =
              KernelView.of(timeline, missing.sequence()).frames().stream()
                  .filter(frame -> frame.function().equals("kvm_gmem_fault"))
                  .findFirst()
                  .orElseThrow();
          assertThat(trap.text()).contains("while write() is still filling it");
          assertThat(trap.differences())
              .extracting(Frame.Difference::version)
              .containsExactly("mainline", "v2", "v3");
        });
  }

  @Test
  void aMachinesFramesNameItsRelease() throws IOException {
    recording(
        new KernelProfile("7.3.4-amd64", Map.of()),
        timeline -> {
          assertThat(KernelView.of(timeline, 2).kernel())
              .isEqualTo("Linux 7.3.4-amd64; functions as in Linux 6.18, x86-64");
          assertThat(KernelView.of(timeline, 2).frames())
              .isNotEmpty()
              .allSatisfy(frame -> assertThat(frame.kernel()).startsWith("Linux 7.3.4-amd64"));
        });
  }

  @Test
  void whatAHandlerDoesBecauseOfAMessageIsNotInItsRead() throws IOException {
    recording(
        null,
        timeline -> {
          assertThat(KernelView.of(timeline, 1).kernel()).startsWith("Kernel not recorded");
          long found = timeline.lastSequence() - 2;
          assertThat(timeline.event(timeline.event(found).cause()).kind())
              .isEqualTo(EventKind.READ);
          assertThat(names(timeline, found)).isEmpty();
          assertThat(KernelView.of(timeline, found).note()).contains("does not say in which call");
          assertThat(names(timeline, found + 1)).isEmpty();
          assertThat(KernelView.of(timeline, found + 1).note()).contains("no kernel knows");
          KernelView late = KernelView.of(timeline, found + 2);
          assertThat(late.frames()).isNotEmpty().allMatch(Frame::inferred);
        });
  }

  /**
   * One fault, then a page that turns out to be there, a message held back, and an effect told
   * after its call had returned.
   */
  private void recording(@Nullable KernelProfile kernel, Consumer<Timeline> then)
      throws IOException {
    Path file = folder.resolve("hand-" + System.nanoTime() + ".fscope");
    try (RecordingFile recording =
        RecordingFile.create(file, new TimelineInfo("hand", "live", 0))) {
      if (kernel != null) {
        recording.kernel(kernel);
      }
      RecordedSessions.declare(recording, 16);
      RecordedSessions.fault(recording, 0, 3, 100);
      Event ioctl = events(recording.timeline(), EventKind.IOCTL).getFirst();
      Event read = events(recording.timeline(), EventKind.READ).getFirst();
      int handler = RecordedSessions.HANDLER;
      EventDraft draft = new EventDraft();
      recording.append(
          draft
              .of(EventKind.INSTALL, 900)
              .actor(handler)
              .pages(0, 5, 1)
              .change(0, PageState.MAPPED)
              .cause(read.sequence()));
      recording.append(
          draft
              .of(EventKind.INSTALL, 901)
              .actor(handler)
              .pages(0, 6, 1)
              .change(0, PageState.HELD)
              .cause(read.sequence()));
      recording.append(
          draft
              .of(EventKind.INSTALL, 902)
              .actor(handler)
              .pages(0, 7, 1)
              .change(0, PageState.MAPPED)
              .cause(ioctl.cause()));
      then.accept(recording.timeline());
    }
  }

  private static List<Event> events(Timeline timeline, EventKind kind) {
    return LongStream.rangeClosed(1, timeline.lastSequence())
        .mapToObj(timeline::event)
        .filter(event -> event.kind() == kind)
        .toList();
  }

  private static List<String> names(Timeline timeline, long seq) {
    return KernelView.of(timeline, seq).frames().stream().map(Frame::function).toList();
  }

  private void play(Scenario scenario, Consumer<Timeline> then) throws IOException {
    Path file = folder.resolve("run-" + System.nanoTime() + ".fscope");
    TimelineInfo info = new TimelineInfo(scenario.title(), Scenario.SIMULATION, 0);
    try (RecordingFile recording = RecordingFile.create(file, info);
        SimulatedEngine engine = new SimulatedEngine(recording)) {
      ScenarioRunner.run(scenario, engine, step -> {});
      then.accept(recording.timeline());
    }
  }
}
