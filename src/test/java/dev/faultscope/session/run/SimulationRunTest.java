package dev.faultscope.session.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A simulation under a person's hand. */
class SimulationRunTest {
  private static final String ONE_THREAD =
      """
      title: one thread
      memory: {ram: {backing: memfd, pages: 16, fill: pattern}}
      uffds: {u: {register: {ram: [MINOR]}}}
      threads: {t: {workload: {kind: sequential}}}
      handlers: {h: {uffd: u}}
      """;

  @TempDir Path folder;
  private final List<SimulationRun> runs = new ArrayList<>();

  /** A sink that remembers how it ended. */
  private static final class FileTape implements RecordingSink {
    @Override
    public String id() {
      return "run";
    }

    final RecordingFile file;
    volatile @Nullable String ended;

    FileTape(RecordingFile file) {
      this.file = file;
    }

    @Override
    public Recorder recorder() {
      return file;
    }

    @Override
    public Timeline timeline() {
      return file.timeline();
    }

    @Override
    public void complete() {
      file.complete();
      ended = "complete";
    }

    @Override
    public void breakOff(String why) {
      file.close();
      ended = why;
    }
  }

  private FileTape sink() {
    try {
      return new FileTape(
          RecordingFile.create(
              folder.resolve(runs.size() + ".fscope"), new TimelineInfo("test", "simulation", 0)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static RunReport report(RunStatus status) {
    return Objects.requireNonNull(status.report());
  }

  private static List<RunCommand.Injection> possible(SimulationRun run) {
    return run.status().can().injections().entrySet().stream()
        .filter(each -> each.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  private SimulationRun start(String text, RecordingSink sink, boolean going) {
    SimulationRun run =
        SimulationRun.start(ScenarioParser.parse(text), SimulationOptions.NONE, sink, going);
    runs.add(run);
    return run;
  }

  @AfterEach
  void end() {
    runs.forEach(SimulationRun::close);
  }

  private static RunAnswer ask(SimulationRun run, RunCommand command) {
    return CommandAnswers.await(run.submit(command));
  }

  private static RunStatus await(SimulationRun run, Predicate<RunStatus> wanted) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!wanted.test(run.status())) {
      assertThat(System.nanoTime()).as("still %s", run.status()).isLessThan(end);
      Thread.onSpinWait();
    }
    return run.status();
  }

  private static RunCommand.Ioctl ioctl(UffdIoctl ioctl, int page) {
    return new RunCommand.Ioctl("u", ioctl, new RunCommand.Pages(0, page, 1), 0, 7, null);
  }

  @Test
  void standsStillUntilItIsToldToGoAndThenComesToItsEnd() {
    FileTape sink = sink();
    SimulationRun run = start(ONE_THREAD, sink, false);
    assertThat(run.status().phase()).isEqualTo(RunPhase.PAUSED);
    assertThat(run.status().engine()).isEqualTo(new RunStatus.Simulated(1, 0));

    ask(run, new RunCommand.Go(Double.POSITIVE_INFINITY));
    RunStatus done = await(run, status -> status.phase() == RunPhase.DONE);
    assertThat(report(done).faults().minor()).isEqualTo(16);
    assertThat(done.waiting()).isEmpty();

    ask(run, new RunCommand.Stop());
    await(run, status -> status.phase() == RunPhase.ENDED);
    assertThat(sink.ended).isEqualTo("complete");
    assertThatExceptionOfType(RunRefusedException.class)
        .isThrownBy(() -> ask(run, new RunCommand.Pause()))
        .matches(e -> e.reason() == RunRefusedException.Reason.ENDED);
  }

  @Test
  void advancesByEventFaultAndDecision() {
    FileTape sink = sink();
    SimulationRun run = start(ONE_THREAD, sink, false);
    RunAnswer first = ask(run, new RunCommand.Advance(RunCommand.Unit.EVENT, 1));
    assertThat(first.to()).isGreaterThanOrEqualTo(first.from());

    RunAnswer fault = ask(run, new RunCommand.Advance(RunCommand.Unit.FAULT, 3));
    assertThat(kinds(sink, 1, fault.to()))
        .filteredOn(EventKind.ENQUEUE::equals)
        .hasSizeBetween(3, 4);

    RunAnswer decision = ask(run, new RunCommand.Advance(RunCommand.Unit.DECISION, 1));
    assertThat(kinds(sink, decision.from(), decision.to())).contains(EventKind.DECIDE);
    assertThat(run.status().phase()).isEqualTo(RunPhase.PAUSED);
  }

  private static List<EventKind> kinds(FileTape sink, long from, long to) {
    List<EventKind> all = new ArrayList<>();
    for (long seq = from; seq <= to; seq++) {
      all.add(sink.timeline().event(seq).kind());
    }
    return all;
  }

  @Test
  void aWrongIoctlLeavesTheThreadAsleepAndTheRightOneWakesIt() {
    SimulationRun run = start(ONE_THREAD, sink(), false);
    ask(run, new RunCommand.Manual(true));
    ask(run, new RunCommand.Go(Double.POSITIVE_INFINITY));
    RunStatus waits = await(run, status -> status.phase() == RunPhase.WAITING);
    assertThat(waits.waiting()).singleElement().matches(fault -> fault.page() == 0);

    RunAnswer copy = ask(run, ioctl(UffdIoctl.COPY, 0));
    assertThat(copy.errnoName()).isEqualTo("EEXIST");
    assertThat(copy.woke()).isEmpty();
    assertThat(run.status().waitingCount()).isOne();

    RunAnswer resumed = ask(run, ioctl(UffdIoctl.CONTINUE, 0));
    assertThat(resumed.errnoName()).isEqualTo("OK");
    assertThat(resumed.field()).isEqualTo(4096);
    assertThat(resumed.woke()).hasSize(1);
    assertThat(run.status().waitingCount()).isZero();
    assertThat(run.status().phase()).isEqualTo(RunPhase.PAUSED);
  }

  @Test
  void aForkTakesTheSameWayWithItsHandActionsAndThenItsOwn() {
    FileTape sink = sink();
    SimulationRun run = start(ONE_THREAD, sink, false);
    ask(run, new RunCommand.Manual(true));
    ask(run, new RunCommand.Advance(RunCommand.Unit.FAULT, 1));
    long moment = ask(run, ioctl(UffdIoctl.COPY, 0)).to();
    ask(run, ioctl(UffdIoctl.CONTINUE, 0));

    FileTape forked = sink();
    SimulationRun fork = run.fork(moment, forked);
    runs.add(fork);
    RunStatus there = await(fork, status -> report(status).events() >= moment);
    await(fork, status -> status.phase() == RunPhase.PAUSED);
    assertThat(there.manual()).isTrue();
    assertThat(there.waitingCount()).isOne();
    for (long seq = 1; seq <= moment; seq++) {
      assertThat(forked.timeline().event(seq)).isEqualTo(sink.timeline().event(seq));
    }

    ask(fork, new RunCommand.Manual(false));
    ask(fork, new RunCommand.Go(Double.POSITIVE_INFINITY));
    await(fork, status -> status.phase() == RunPhase.DONE);
    // The old one is as it was.
    assertThat(report(run.status()).faults().minor()).isOne();
  }

  @Test
  void aForkStopsAtTheBreakpointsOfItsParentBehindTheMomentOfTheFork() {
    FileTape sink = sink();
    SimulationRun run = start(ONE_THREAD, sink, false);
    long moment = ask(run, new RunCommand.Advance(RunCommand.Unit.FAULT, 2)).to();
    List<String> queries = List.of("kind = enqueue and page = 1", "kind = enqueue and page = 5");
    ask(run, new RunCommand.Break(queries));

    FileTape forked = sink();
    SimulationRun fork = run.fork(moment, forked);
    runs.add(fork);
    ask(fork, new RunCommand.Pause());
    assertThat(fork.status().breakpoints()).isEqualTo(queries);
    assertThat(fork.status().stop()).as("the way to the fork is not stopped").isNull();
    assertThat(forked.timeline().lastSequence()).isGreaterThanOrEqualTo(moment);
    ask(fork, new RunCommand.Go(Double.POSITIVE_INFINITY));
    RunStatus stopped = await(fork, status -> status.stop() != null);
    Event event = forked.timeline().event(Objects.requireNonNull(stopped.stop()).seq());
    assertThat(event.firstPage()).isEqualTo(5);
    assertThat(run.status().stop()).as("the parent is as it was").isNull();
  }

  @Test
  void whatComesRightAfterAForkWaitsUntilItIsThere() {
    SimulationRun run = start(ONE_THREAD, sink(), true);
    long last = report(await(run, status -> status.phase() == RunPhase.DONE)).events();
    FileTape forked = sink();
    SimulationRun fork = run.fork(last, forked);
    runs.add(fork);
    ask(fork, new RunCommand.Pause());
    assertThat(forked.timeline().lastSequence()).isEqualTo(last);
    assertThatExceptionOfType(RunRefusedException.class)
        .isThrownBy(() -> run.fork(last + 1, sink()))
        .withMessageContaining("events 0 to " + last);
  }

  @Test
  void stopsBehindTheFirstEventThatMeetsABreakpointAndGoesOnFromThere() {
    FileTape sink = sink();
    SimulationRun run = start(ONE_THREAD, sink, false);
    String query = "page=5 and kind=enqueue";
    ask(run, new RunCommand.Break(List.of("latency > 1s", query)));
    ask(run, new RunCommand.Go(Double.POSITIVE_INFINITY));
    RunStatus held = await(run, status -> status.phase() == RunPhase.PAUSED);
    assertThat(held.message()).contains("satisfies " + query);
    assertThat(report(held).faults().minor()).isEqualTo(6);
    Breakpoints.Stop stop = Objects.requireNonNull(held.stop());
    assertThat(stop.queries()).containsExactly(query);
    Event event = sink.timeline().event(stop.seq());
    assertThat(event.kind()).isEqualTo(EventKind.ENQUEUE);
    assertThat(event.firstPage()).isEqualTo(5);
    ask(run, new RunCommand.Go(Double.POSITIVE_INFINITY));
    RunStatus over = await(run, status -> status.phase() == RunPhase.DONE);
    assertThat(over.stop()).as("it goes on from there").isNull();
    assertThatExceptionOfType(RunRefusedException.class)
        .isThrownBy(() -> ask(run, new RunCommand.Break(List.of("page="))))
        .withMessageContaining("at character");
  }

  @Test
  void aCommandThatNamesWhatThereIsNotIsRefusedAndChangesNothing() {
    SimulationRun run = start(ONE_THREAD, sink(), false);
    ask(run, new RunCommand.Manual(true));
    ask(run, new RunCommand.Advance(RunCommand.Unit.FAULT, 1));
    long events = report(run.status()).events();
    for (RunCommand wrong :
        List.<RunCommand>of(
            new RunCommand.Read("none"),
            new RunCommand.Ioctl(
                "u", UffdIoctl.CONTINUE, new RunCommand.Pages(3, 0, 1), 0, -1, null),
            new RunCommand.Inject(RunCommand.Injection.SIGNAL, 99, null, false),
            new RunCommand.Inject(RunCommand.Injection.TOUCH, -1, null, false),
            new RunCommand.Inject(RunCommand.Injection.KVM_ACCESS, -1, null, false))) {
      assertThatExceptionOfType(RunRefusedException.class)
          .as("%s", wrong)
          .isThrownBy(() -> ask(run, wrong))
          .matches(e -> e.reason() == RunRefusedException.Reason.BAD_COMMAND);
    }
    assertThat(report(run.status()).events()).isEqualTo(events);
    assertThat(run.status().phase()).isNotEqualTo(RunPhase.FAILED);
  }

  @Test
  void everythingThatCanBeInjectedDoesSomething() {
    SimulationRun run = start(ONE_THREAD, sink(), false);
    ask(run, new RunCommand.Manual(true));
    ask(run, new RunCommand.Advance(RunCommand.Unit.FAULT, 1));
    int sleeper = run.status().waiting().getFirst().actor();
    RunCommand.Pages page = new RunCommand.Pages(0, 9, 1);
    for (RunCommand.Injection what : possible(run)) {
      RunCommand.Pages pages =
          switch (what) {
            case SIGNAL, KILL_HANDLER -> null;
            case PUNCH_HOLE, DONTNEED, REMOVE, TOUCH, KVM_ACCESS -> page;
          };
      int actor = what == RunCommand.Injection.SIGNAL ? sleeper : -1;
      RunAnswer answer = ask(run, new RunCommand.Inject(what, actor, pages, true));
      assertThat(answer.why()).as("%s", what).isNotBlank();
      assertThat(answer.to()).as("%s", what).isGreaterThanOrEqualTo(answer.from());
    }
  }

  @Test
  void aPacedRunDoesNoMoreThanIsDue() {
    SimulationRun run = start(ONE_THREAD, sink(), false);
    long before = report(run.status()).events();
    ask(run, new RunCommand.Go(0.1));
    // Ten seconds an event: the first is not due before this answer.
    assertThat(ask(run, new RunCommand.Pause()).to()).isEqualTo(before);
  }

  /** Four million pages in one step. */
  private static final String LONG_STEP =
      """
      title: long step
      memory: {ram: {backing: memfd, pages: 4194304}}
      steps: [{store: {at: ram, pages: 4194304, value: 7}}]
      """;

  /** Four for each page. */
  private static final long LONG_STEP_EVENTS = 4 * 4_194_304L;

  private static void awaitEvents(FileTape tape) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (tape.timeline().lastSequence() < 100) {
      assertThat(System.nanoTime()).as("the step has not begun").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static void assertBrokenOff(SimulationRun run, FileTape tape) {
    run.close();
    RunStatus ended = run.status();
    assertThat(ended.phase()).isEqualTo(RunPhase.ENDED);
    assertThat(ended.message()).contains("in the middle of a step");
    assertThat(tape.ended).contains("in the middle of a step");
    assertThat(tape.timeline().lastSequence()).isBetween(100L, LONG_STEP_EVENTS - 1);
  }

  @Test
  void stopBreaksOffAStepThatGoesOnForLong() {
    FileTape tape = sink();
    SimulationRun run = start(LONG_STEP, tape, true);
    awaitEvents(tape);
    CompletableFuture<RunAnswer> waits = run.submit(new RunCommand.Pause());
    RunAnswer answer = ask(run, new RunCommand.Stop());
    assertThat(answer.why()).contains("in the middle of a step");
    assertThatExceptionOfType(RunRefusedException.class)
        .isThrownBy(() -> CommandAnswers.await(waits))
        .matches(e -> e.reason() == RunRefusedException.Reason.ENDED);
    assertBrokenOff(run, tape);
  }

  @Test
  void closingBreaksOffAStepThatACommandWaitsFor() {
    FileTape tape = sink();
    SimulationRun run = start(LONG_STEP, tape, false);
    CompletableFuture<RunAnswer> waits =
        run.submit(new RunCommand.Advance(RunCommand.Unit.EVENT, 1));
    awaitEvents(tape);
    run.close();
    assertThatExceptionOfType(RunRefusedException.class)
        .isThrownBy(() -> CommandAnswers.await(waits))
        .matches(e -> e.reason() == RunRefusedException.Reason.ENDED);
    assertBrokenOff(run, tape);
  }

  @Test
  void aForkThatIsStillOnItsWayCanBeStopped() {
    FileTape tape = sink();
    SimulationRun run =
        start(
            ONE_THREAD.replace("sequential}", "random, once: false, accesses: 2000000}"),
            tape,
            true);
    long far = 1_000_000;
    long end = System.nanoTime() + 60_000_000_000L;
    while (tape.timeline().lastSequence() < far) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
    ask(run, new RunCommand.Pause());
    FileTape forked = sink();
    SimulationRun fork = run.fork(far, forked);
    runs.add(fork);
    ask(fork, new RunCommand.Stop());
    await(fork, status -> status.phase() == RunPhase.ENDED);
    assertThat(forked.timeline().lastSequence()).isLessThan(far);
  }
}
