package dev.faultscope.session.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.faultscope.scenario.RunReport;
import dev.faultscope.session.Progress;
import dev.faultscope.session.RunView;
import dev.faultscope.session.Session;
import dev.faultscope.session.library.GrowingRecording;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.session.run.RecordingSink;
import dev.faultscope.session.run.Run;
import dev.faultscope.session.run.RunAnswer;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.run.RunRefusedException;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.session.run.SimulationEngine;
import dev.faultscope.trace.TraceFormats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs and their recordings in the library. */
class RunsTest {
  private static final String SCENARIO =
      """
      title: two threads
      about: Watch them wait.
      memory: {ram: {backing: anon, pages: 32}}
      uffds: {u: {register: {ram: [MISSING]}}}
      threads: {t: {count: 2, workload: {kind: random}}}
      handlers: {h: {uffd: u}}
      """;

  @TempDir Path dir;
  private final AtomicLong nanoTime = new AtomicLong();
  private Library library;
  private Runs runs;

  @BeforeEach
  void open() {
    library = library();
    runs =
        new Runs(
            library,
            new Scenarios(List.of(new Scenarios.Source("two-threads", SCENARIO))),
            List.of(new SimulationEngine()),
            3,
            Duration.ofMinutes(1),
            nanoTime::get);
  }

  private Library library() {
    Library opened =
        new Library(
            new LibrarySettings(dir, 8, Duration.ofMinutes(1), 1, 1, 1000, List.of()),
            new TraceImports(TraceFormats.STANDARD));
    opened.start();
    return opened;
  }

  @AfterEach
  void close() {
    runs.close();
    library.close();
  }

  private static RunRequest named(boolean paused) {
    return new RunRequest("two-threads", null, "simulation", null, null, Map.of(), paused);
  }

  private static RunRequest text(@Nullable String text, Map<String, String> set) {
    return new RunRequest(null, text, "simulation", null, null, set, true);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private RunPhase phase(String id) {
    return runs.view(id).status().phase();
  }

  private static RunReport report(RunView view) {
    return Objects.requireNonNull(view.status().report());
  }

  @Test
  void aRunGrowsInTheLibraryAndStaysThereAfterItsEnd() throws IOException {
    String id = runs.start(named(false));
    await(() -> phase(id) == RunPhase.DONE);
    RunView view = runs.view(id);
    assertThat(view.scenario()).isEqualTo("two-threads");
    assertThat(report(view).faults().missing()).isPositive();
    Session session = library.open(id).orElseThrow();
    assertThat(session.isLoading()).isTrue();
    assertThat(session.lastSequence()).isEqualTo(report(view).events());
    assertThat(library.list())
        .anySatisfy(
            each -> {
              assertThat(each.id()).isEqualTo(id);
              assertThat(each.kind()).isEqualTo("run");
              assertThat(each.state()).isEqualTo("running");
            });

    runs.command(id, new RunCommand.Stop());
    await(() -> !session.isLoading());
    runs.close();
    library.close();
    try (Library again = library()) {
      assertThat(again.list())
          .anySatisfy(
              each -> {
                assertThat(each.id()).isEqualTo(id);
                assertThat(each.title()).isEqualTo("two threads");
                assertThat(each.state()).isEqualTo("complete");
                assertThat(each.events()).isEqualTo(report(view).events());
              });
      assertThat(again.scenario(id)).contains(SCENARIO);
    }
  }

  @Test
  void runsThatAreOverAreListedAfterTheirRecordingsAreClosed() throws IOException {
    String id = runs.start(named(false));
    await(() -> phase(id) == RunPhase.DONE);
    runs.command(id, new RunCommand.Stop());
    await(() -> phase(id).isOver());

    library.close();

    assertThat(runs.list())
        .extracting(RunView::id, RunView::title)
        .containsExactly(tuple(id, "two threads"));
    assertThat(report(runs.list().getFirst()).events()).isPositive();
  }

  @Test
  void runThatCannotSayHowItStandsIsARowThatSaysSo() throws IOException {
    String whole = runs.start(named(true));
    GrowingRecording recording = library.record("mute", "live");
    RunStatus known = runs.view(whole).status();
    AtomicBoolean mute = new AtomicBoolean();
    runs.enter(recording, new MuteRun(recording.id(), known, mute));
    mute.set(true);

    List<RunView> all = runs.list();

    assertThat(all).extracting(RunView::id).containsExactly(recording.id(), whole);
    assertThat(all.getFirst().status().phase()).isEqualTo(RunPhase.FAILED);
    assertThat(all.getFirst().status().message())
        .isEqualTo("It cannot say how it stands: Already closed");
    assertThat(all.getLast().status().phase()).isEqualTo(RunPhase.PAUSED);
    mute.set(false);
    assertThat(runs.list().getFirst().status()).as("when it can again").isEqualTo(known);
    recording.close();
  }

  /** A run that says how it stands, until it cannot. */
  private record MuteRun(String id, RunStatus known, AtomicBoolean mute) implements Run {
    @Override
    public RunStatus status() {
      if (mute.get()) {
        throw new IllegalStateException("Already closed");
      }
      return known;
    }

    @Override
    public void onChange(Runnable told) {}

    @Override
    public CompletableFuture<RunAnswer> submit(RunCommand command) {
      throw new AssertionError("nobody asks for " + command);
    }

    @Override
    public Run fork(long seq, RecordingSink into) {
      throw new AssertionError("nobody forks it");
    }

    @Override
    public boolean isDisposable() {
      return false;
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
  }

  @Test
  void aForkAndItsParentKnowOfEachOther() throws IOException {
    String id = runs.start(named(true));
    long moment = runs.command(id, new RunCommand.Advance(RunCommand.Unit.FAULT, 2)).to();
    String fork = runs.fork(id, moment);
    await(() -> phase(fork) == RunPhase.PAUSED && report(runs.view(fork)).events() >= moment);
    assertThat(runs.view(fork).forkOf()).isEqualTo(new RunView.ForkPoint(id, moment));
    assertThat(runs.view(id).forks()).containsExactly(new RunView.ForkPoint(fork, moment));
    assertThat(report(runs.view(fork)).seed()).isEqualTo(report(runs.view(id)).seed());
    assertThat(runs.scenario(fork)).isEqualTo(SCENARIO);
    assertThatExceptionOfType(RunRefusedException.class).isThrownBy(() -> runs.fork(id, 1_000_000));
    assertThat(runs.list()).extracting(RunView::id).containsExactly(fork, id);
    // What was refused leaves nothing behind.
    assertThat(library.list()).hasSize(2);
  }

  @Test
  void theRunThatIsIdleLongestMakesRoomAndItsRecordingIsWhole() throws IOException {
    String first = runs.start(named(true));
    nanoTime.set(1);
    String second = runs.start(named(true));
    String third = runs.start(named(true));
    nanoTime.set(2);
    Session watched = library.open(second).orElseThrow();
    assertThat(watched.enter()).isTrue();
    String fourth = runs.start(named(true));
    assertThat(runs.list()).extracting(RunView::id).containsExactly(fourth, third, second);
    assertThat(library.open(first).orElseThrow().progress().state())
        .isEqualTo(Progress.State.COMPLETE);
    for (String each : List.of(third, fourth)) {
      assertThat(library.open(each).orElseThrow().enter()).isTrue();
    }
    assertThatExceptionOfType(RunRefusedException.class)
        .isThrownBy(() -> runs.start(named(true)))
        .withMessageContaining("stop one of them");
    for (String each : List.of(second, third, fourth)) {
      library.open(each).orElseThrow().leave();
    }
  }

  @Test
  void forgettingARecordingEndsItsRun() throws IOException {
    String id = runs.start(named(true));
    assertThat(library.forget(id)).isTrue();
    assertThat(phase(id)).isEqualTo(RunPhase.ENDED);
    assertThatExceptionOfType(RunRefusedException.class)
        .isThrownBy(() -> runs.command(id, new RunCommand.Pause()));
  }

  @Test
  void whatCannotBeRunIsRefusedWithItsPlaceAndLeavesNothing() {
    assertThatExceptionOfType(BadScenarioException.class)
        .isThrownBy(() -> runs.start(text("title: x\nmemory: {ram: {backing: wood}}", Map.of())))
        .matches(e -> e.line() == 2 && e.column() > 1);
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> runs.start(text(null, Map.of())));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () ->
                runs.start(
                    new RunRequest(
                        "two-threads", SCENARIO, "simulation", null, null, Map.of(), true)))
        .withMessageContaining("send one of them");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () ->
                runs.start(new RunRequest("gone", null, "simulation", null, null, Map.of(), true)))
        .withMessageContaining("gone");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () ->
                runs.start(
                    new RunRequest("two-threads", null, "simulation", 1L, "magic", Map.of(), true)))
        .withMessageContaining("policy");
    assertThatExceptionOfType(BadScenarioException.class)
        .isThrownBy(() -> runs.start(text(SCENARIO, Map.of("memory.ram.pages", "8388608"))))
        .withMessageContaining("pages");
    assertThat(library.list()).isEmpty();
    assertThat(runs.list()).isEmpty();
  }

  @Test
  void aWorkloadReplaysWhatARecordingOfTheLibraryAccessed() throws IOException {
    String recorded = runs.start(named(false));
    await(() -> phase(recorded) == RunPhase.DONE);
    String replaying = SCENARIO.replace("kind: random", "kind: replay, recording: " + recorded);
    String id =
        runs.start(new RunRequest(null, replaying, "simulation", null, null, Map.of(), false));
    await(() -> phase(id) == RunPhase.DONE);
    assertThat(report(runs.view(id)).faults().missing())
        .isEqualTo(report(runs.view(recorded)).faults().missing());
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () -> runs.start(text(replaying.replace(recorded, "run-0123456789abcdef"), Map.of())))
        .withMessageContaining("run-0123456789abcdef");
  }
}
