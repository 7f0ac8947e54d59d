package dev.faultscope.session.kernelview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.scenario.ConformanceSuite;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.simulation.SimulatedEngine;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The way through the kernel, over what the simulated kernel records. */
class KernelViewTest {
  @TempDir Path folder;

  static Stream<String> scripts() throws IOException {
    return ConformanceSuite.scripts().stream().map(ConformanceSuite::name);
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyMomentHasAWayOrSaysWhyNot(String script) throws IOException {
    play(
        script,
        timeline -> {
          for (long seq = 0; seq <= timeline.lastSequence(); seq++) {
            KernelView view = KernelView.of(timeline, seq);
            assertThat(view.frames().isEmpty() ? view.note() : view.title())
                .as("moment %d", seq)
                .isNotBlank();
            for (Frame frame : view.frames()) {
              boolean last = frame == view.frames().getLast();
              assertThat(frame.current()).isEqualTo(last);
              assertThat(frame.values()).as("%d %s", seq, frame.function()).isNotEmpty();
              assertThat(frame.text()).as(frame.function()).endsWith(".");
            }
            assertThat(view.inferred()).as("a simulation tells everything").isFalse();
          }
        });
  }

  @Test
  void aMinorWriteGoesThroughShmemIntoTheQueueAndSleeps() throws IOException {
    each(
        "N3",
        is(EventKind.ENQUEUE),
        (timeline, view) -> {
          assertThat(names(view))
              .containsSubsequence(
                  "exc_page_fault",
                  "do_user_addr_fault",
                  "handle_mm_fault",
                  "handle_pte_fault",
                  "do_fault",
                  "do_shared_fault",
                  "__do_fault",
                  "shmem_fault",
                  "shmem_get_folio_gfp",
                  "handle_userfault",
                  "schedule");
          assertThat(value(view, "handle_userfault", "reason")).isEqualTo("VM_UFFD_MINOR");
          assertThat(value(view, "handle_userfault", "msg.flags")).isEqualTo("5 WRITE MINOR");
          assertThat(value(view, "shmem_get_folio_gfp", "cache")).isEqualTo("folio found");
          assertThat(value(view, "handle_pte_fault", "PTE")).isEqualTo("none");
          long base = timeline.regions().getFirst().base();
          assertThat(value(view, "handle_userfault", "msg.address")).isEqualTo(Scene.hex(base));
        });
  }

  @Test
  void faultThatKvmAnswersAloneMeetsNoUserfaultfd() throws IOException {
    for (EventKind kind : List.of(EventKind.ENQUEUE, EventKind.READ, EventKind.WAKE)) {
      each(
          "G7-stage2",
          is(kind),
          (timeline, view) ->
              assertThat(names(view))
                  .as(kind.name())
                  .startsWith("kvm_vcpu_ioctl", "kvm_arch_vcpu_ioctl_run")
                  .noneMatch(name -> name.contains("userfault") || name.equals("schedule")));
    }
  }

  @Test
  void faultOfAnUnknownKindIsTakenForNone() throws IOException {
    Path file = Files.createTempFile("unknown", ".fscope");
    try (RecordingFile recording = RecordingFile.create(file, new TimelineInfo("t", "watch", 0))) {
      RecordedSessions.declare(recording, 8);
      recording.append(
          new EventDraft()
              .of(EventKind.ENQUEUE, 100)
              .pages(0, 3, 1)
              .actor(0)
              .flags(EventFlags.KIND_UNKNOWN | EventFlags.INFERRED));
      try (Timeline timeline = recording.timeline()) {
        KernelView view = KernelView.of(timeline, 1);

        assertThat(value(view, "handle_userfault", "reason")).isEqualTo("not told");
        assertThat(value(view, "handle_userfault", "msg.flags")).isEqualTo("not told");
        assertThat(view.toString()).doesNotContain("VM_UFFD_MISSING");
      }
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void continueFillsTheEntryWhileTheThreadSleepsAndThenWakesIt() throws IOException {
    each(
        "N3",
        event -> event.kind() == EventKind.INSTALL && event.cause() > 11 && event.actor() == 0,
        (timeline, view) -> {
          assertThat(names(view))
              .endsWith(
                  "userfaultfd_continue",
                  "mfill_atomic",
                  "mfill_atomic_pte_continue",
                  "mfill_atomic_install_pte");
          assertThat(view.asleep()).hasSize(1);
          assertThat(view.asleep().getFirst().frames()).endsWith("handle_userfault", "schedule");
          assertThat(differences(view, "mfill_atomic_pte_continue"))
              .extracting(Frame.Difference::version)
              .containsExactly("v1", "v2", "v3", "2026");
        });
    each(
        "N3",
        is(EventKind.WAKE),
        (timeline, view) ->
            assertThat(names(view))
                .endsWith("userfaultfd_continue", "wake_userfault", "userfaultfd_wake_function"));
  }

  @Test
  void aWokenThreadLooksAgainAndFindsTheEntry() throws IOException {
    each(
        "N3",
        is(EventKind.RETRY),
        (timeline, view) -> {
          assertThat(names(view)).endsWith("handle_mm_fault");
          assertThat(value(view, "handle_mm_fault", "flags")).isEqualTo("FAULT_FLAG_TRIED");
        });
    each(
        "N3",
        event -> event.kind() == EventKind.DECIDE && event.sequence() > 15,
        (timeline, view) -> {
          assertThat(names(view)).endsWith("handle_mm_fault", "handle_pte_fault");
          assertThat(value(view, "handle_pte_fault", "PTE")).isEqualTo("present");
        });
  }

  @Test
  void fullMinorTrapsInGuestMemfdAndOtherKernelsDiffer() throws IOException {
    each(
        "G2",
        is(EventKind.ENQUEUE),
        (timeline, view) -> {
          assertThat(names(view)).endsWith("kvm_gmem_fault", "handle_userfault", "schedule");
          assertThat(frame(view, "kvm_gmem_fault").kernel()).isEqualTo("Linux 6.18 + v2");
          assertThat(differences(view, "kvm_gmem_fault"))
              .extracting(Frame.Difference::version)
              .containsExactly("mainline", "v1", "v3", "2026");
        });
  }

  @Test
  void aSystemCallFaultsInKernelMode() throws IOException {
    each(
        "K1",
        is(EventKind.ENQUEUE),
        (timeline, view) -> {
          assertThat(names(view))
              .containsSubsequence("do_syscall_64", "copy_from_user", "exc_page_fault");
          assertThat(value(view, "do_user_addr_fault", "flags")).doesNotContain("FAULT_FLAG_USER");
        });
  }

  @Test
  void aFailedIoctlEndsWhereItsErrorComesFrom() throws IOException {
    each(
        "N4",
        event -> event.kind() == EventKind.IOCTL && event.errno() != 0,
        (timeline, view) -> {
          assertThat(names(view)).endsWith("mfill_atomic", "mfill_atomic_pte_continue");
          assertThat(value(view, "mfill_atomic_pte_continue", "returns")).isEqualTo("EFAULT");
          assertThat(value(view, "mfill_atomic_pte_continue", "why")).contains("not in the cache");
        });
  }

  @Test
  void whatARecordingDoesNotSayIsMarkedInferred() throws IOException {
    try (RecordingFile recording = RecordedSessions.write(folder.resolve("r.fscope"), 1, 1, 16)) {
      Timeline timeline = recording.timeline();
      KernelView queued = KernelView.of(timeline, 2);
      assertThat(names(queued))
          .startsWith("kvm_vcpu_ioctl")
          .endsWith("handle_userfault", "schedule");
      assertThat(queued.inferred()).isTrue();
      assertThat(queued.note()).contains("inferred");
      assertThat(frame(queued, "schedule").inferred()).as("the message itself is told").isFalse();
      assertThat(frame(queued, "shmem_get_folio_gfp").inferred()).isTrue();

      KernelView call = KernelView.of(timeline, 4);
      assertThat(names(call)).endsWith("userfaultfd_ioctl", "userfaultfd_continue");
      assertThat(call.inferred()).isFalse();
      assertThat(call.asleep()).extracting(KernelView.Sleeper::seq).containsExactly(2L);
    }
  }

  private static Predicate<Event> is(EventKind kind) {
    return event -> event.kind() == kind;
  }

  private static List<String> names(KernelView view) {
    return view.frames().stream().map(Frame::function).toList();
  }

  private static Frame frame(KernelView view, String function) {
    return view.frames().stream()
        .filter(frame -> frame.function().equals(function))
        .findFirst()
        .orElseThrow(() -> new AssertionError(function + " is not among " + names(view)));
  }

  private static String value(KernelView view, String function, String name) {
    return frame(view, function).values().stream()
        .filter(value -> value.name().equals(name))
        .map(Frame.Value::value)
        .findFirst()
        .orElseThrow(() -> new AssertionError(function + " has no " + name));
  }

  private static List<Frame.Difference> differences(KernelView view, String function) {
    return frame(view, function).differences();
  }

  /** Checks the view of every event of a kind, of which there is at least one. */
  private void each(String script, Predicate<Event> wanted, BiConsumer<Timeline, KernelView> check)
      throws IOException {
    play(
        script,
        timeline -> {
          int seen = 0;
          for (long seq = 1; seq <= timeline.lastSequence(); seq++) {
            if (wanted.test(timeline.event(seq))) {
              check.accept(timeline, KernelView.of(timeline, seq));
              seen++;
            }
          }
          assertThat(seen).isPositive();
        });
  }

  private void play(String script, java.util.function.Consumer<Timeline> then) throws IOException {
    Scenario scenario = ConformanceSuite.read(script);
    Path file = folder.resolve(script + "-" + System.nanoTime() + ".fscope");
    TimelineInfo info = new TimelineInfo(scenario.title(), "simulation", 0);
    try (RecordingFile recording = RecordingFile.create(file, info);
        SimulatedEngine engine = new SimulatedEngine(recording)) {
      ScenarioRunner.run(scenario, engine, step -> {});
      then.accept(recording.timeline());
    }
  }
}
