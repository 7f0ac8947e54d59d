package dev.faultscope.session.run;

import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.simulation.Intervention;
import dev.faultscope.simulation.InterventionAnswer;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.simulation.kernel.IoctlResult;
import dev.faultscope.simulation.kernel.SimulationStoppedException;
import dev.faultscope.timeline.Timeline;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A simulation that a person drives. It stands still until it is told to go; then it does one thing
 * after the other on a thread of its own.
 */
public final class SimulationRun implements Run {
  /** Most hand actions of one run; a fork does all of them again. */
  static final int MAX_INPUTS = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(SimulationRun.class);
  private static final long REST_NS = 1_000_000_000L;

  /** How long a step may still take to its end once the run is to be ended. */
  private static final long GRACE_MS = 300;

  private final Simulation simulation;
  private final SimulationOptions options;
  private final RecordingSink sink;
  private final Timeline timeline;
  private final Stepping stepping;
  private final CommandTranslator hands;
  private final List<InputLog.Input> inputs = new ArrayList<>();
  private final RunThread thread;
  private final AtomicBoolean brokenOff = new AtomicBoolean();
  private @Nullable InputReplay replay;
  private volatile Runnable listener = () -> {};
  private volatile RunStatus status;

  private SimulationRun(
      Scenario scenario,
      SimulationOptions options,
      RecordingSink sink,
      Origin origin,
      boolean going) {
    this.options = options;
    this.sink = sink;
    simulation = Simulation.start(scenario, options.stoppedBy(brokenOff::get), sink.recorder());
    timeline = sink.timeline();
    stepping = new Stepping(simulation, timeline);
    stepping.takeAlong(origin.breakpoints());
    hands = new CommandTranslator(simulation.scenario(), timeline);
    status = Statuses.of(0, simulation, stepping, hands);
    replay =
        origin.inputs().upTo() > 0 ? new InputReplay(simulation, origin.inputs(), inputs) : null;
    thread = new RunThread("run-" + scenario.title(), new Work(going));
  }

  /**
   * Starts a scenario.
   *
   * @param sink where it writes; ended by the run, but not where this throws
   * @param going whether it goes on by itself at once
   * @throws IllegalArgumentException if the scenario asks for what cannot be
   * @throws IllegalStateException if the simulated kernel refuses a registration it starts with
   */
  public static SimulationRun start(
      Scenario scenario, SimulationOptions options, RecordingSink sink, boolean going) {
    return start(scenario, options, sink, Origin.NONE, going);
  }

  private static SimulationRun start(
      Scenario scenario,
      SimulationOptions options,
      RecordingSink sink,
      Origin origin,
      boolean going) {
    SimulationRun run = new SimulationRun(scenario, options, sink, origin, going);
    run.thread.start();
    return run;
  }

  @Override
  public String id() {
    return sink.id();
  }

  @Override
  public boolean isDisposable() {
    return true;
  }

  /** What a run takes along from the one it was forked off. */
  private record Origin(InputLog inputs, List<String> breakpoints) {
    static final Origin NONE = new Origin(InputLog.NONE, List.of());
  }

  /**
   * Forks it: the new run stands still behind the first step that ends at the moment or after. What
   * stops this one stops that one.
   */
  @Override
  public SimulationRun fork(long seq, RecordingSink into) {
    Origin origin =
        CommandAnswers.await(thread.ask(() -> new Origin(inputsTo(seq), stepping.breakpoints())));
    SimulationOptions same =
        SimulationOptions.NONE.withSeed(simulation.seed()).withRecordings(options.recordings());
    return start(simulation.scenario(), same, into, origin, false);
  }

  private InputLog inputsTo(long seq) {
    if (seq < 0 || seq > timeline.lastSequence()) {
      throw refused("the run has events 0 to " + timeline.lastSequence() + ", not " + seq);
    }
    return new InputLog(inputs, seq);
  }

  @Override
  public RunStatus status() {
    return status;
  }

  @Override
  public void onChange(Runnable told) {
    listener = told;
  }

  @Override
  public CompletableFuture<RunAnswer> submit(RunCommand command) {
    CompletableFuture<RunAnswer> answer = thread.ask(() -> execute(command));
    if (command instanceof RunCommand.Stop) {
      breakOffUnless(answer::isDone);
    }
    return answer;
  }

  /** A step that goes on for long is broken off. */
  @Override
  public void stop() {
    thread.stop();
    breakOffUnless(thread::isOver);
  }

  private void breakOffUnless(BooleanSupplier ended) {
    CompletableFuture.delayedExecutor(GRACE_MS, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (!ended.getAsBoolean()) {
                brokenOff.set(true);
              }
            });
  }

  @Override
  public void close() {
    stop();
    thread.close();
  }

  private static RunRefusedException refused(String why) {
    return new RunRefusedException(RunRefusedException.Reason.BAD_COMMAND, why);
  }

  private RunAnswer execute(RunCommand command) {
    long before = timeline.lastSequence();
    if (stepping.isBrokenOff() && !(command instanceof RunCommand.Stop)) {
      throw new RunRefusedException(
          RunRefusedException.Reason.ENDED, String.valueOf(stepping.message()));
    }
    if (stepping.phase() == RunPhase.FAILED && !(command instanceof RunCommand.Stop)) {
      throw new RunRefusedException(
          RunRefusedException.Reason.ENDED, "the run failed: " + stepping.message());
    }
    try {
      // Who ends it does not wait for what it would have come to.
      while (replay != null && !(command instanceof RunCommand.Stop)) {
        replayFor(replay);
      }
      return switch (command) {
        case RunCommand.Go(double rate) -> {
          stepping.go(rate);
          yield told("it goes on", before);
        }
        case RunCommand.Pause _ -> {
          stepping.pause();
          yield told("it stands still", before);
        }
        case RunCommand.Advance(var unit, int by) -> told(stepping.advance(unit, by), before);
        case RunCommand.Manual(boolean on) -> manual(on);
        case RunCommand.Break(var queries) -> {
          stepping.breakAt(queries);
          yield told(
              queries.isEmpty()
                  ? "no breakpoint stops it"
                  : "it will stand still behind such an event",
              before);
        }
        case RunCommand.Stop _ -> {
          thread.stop();
          String how = stepping.isBrokenOff() ? stepping.message() : null;
          yield told(how == null ? "the run has ended" : how, before);
        }
        case RunCommand.CheckPages _ -> throw refused(Statuses.NO_PAGE_TABLE);
        case RunCommand.Answer _, RunCommand.Ioctl _, RunCommand.Read _, RunCommand.Inject _ ->
            byHand(command);
      };
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    } catch (IllegalStateException | UncheckedIOException e) {
      throw broken(e, before);
    } catch (SimulationStoppedException e) {
      throw breakOff();
    } finally {
      publish();
    }
  }

  /** A step was broken off in its middle: there is no more of this run. */
  private RunRefusedException breakOff() {
    replay = null;
    stepping.breakOff();
    thread.stop();
    return new RunRefusedException(
        RunRefusedException.Reason.ENDED, String.valueOf(stepping.message()));
  }

  /** What was refused before anything happened is no failure of the run. */
  private RunRefusedException broken(RuntimeException e, long before) {
    if (timeline.lastSequence() == before && !(e instanceof UncheckedIOException)) {
      return refused(String.valueOf(e.getMessage()));
    }
    fail(e);
    return new RunRefusedException(
        RunRefusedException.Reason.ENDED, "the run failed: " + e.getMessage());
  }

  private void fail(RuntimeException e) {
    replay = null;
    LOG.warn("The run of \"{}\" stopped", simulation.scenario().title(), e);
    stepping.fail(String.valueOf(e.getMessage()));
  }

  private RunAnswer told(String why, long before) {
    return RunAnswer.told(why, before + 1, timeline.lastSequence());
  }

  private RunAnswer manual(boolean on) {
    checkInputs();
    inputs.add(new InputLog.TookOver(simulation.steps(), on));
    simulation.manual(on);
    stepping.stir();
    return told(
        on ? "handlers wait for you" : "handlers answer by themselves", timeline.lastSequence());
  }

  private RunAnswer byHand(RunCommand command) {
    checkInputs();
    Intervention hand = hands.make(command, simulation.waiting());
    long at = simulation.steps();
    InterventionAnswer answer = simulation.perform(hand);
    inputs.add(new InputLog.Intervened(at, hand));
    stepping.stir();
    stepping.heed(answer.first() - 1);
    return new RunAnswer(
        answer.errno().number(),
        answer.errno() == Errno.OK ? "OK" : answer.errno().name(),
        answer.field() == IoctlResult.UNTOUCHED ? null : answer.field(),
        answer.woke(),
        answer.why(),
        answer.first(),
        answer.last());
  }

  private void checkInputs() {
    if (inputs.size() >= MAX_INPUTS) {
      throw new IllegalArgumentException(
          "a run takes " + MAX_INPUTS + " actions by hand; start another");
    }
  }

  private void replayFor(InputReplay from) {
    long end = System.nanoTime() + Stepping.SLICE_NS;
    while (!from.isThere(timeline.lastSequence()) && System.nanoTime() < end) {
      from.step();
    }
    boolean underWay = !from.isThere(timeline.lastSequence());
    stepping.retrace(underWay);
    if (!underWay) {
      replay = null;
    }
  }

  private void publish() {
    status = Statuses.of(status.revision() + 1, simulation, stepping, hands);
    listener.run();
  }

  /** What the thread does by itself. */
  private final class Work implements RunThread.Work {
    private boolean going;

    Work(boolean going) {
      this.going = going;
    }

    @Override
    public long turn() {
      long before = timeline.lastSequence();
      RunPhase was = stepping.phase();
      try {
        if (replay != null) {
          replayFor(replay);
        } else if (going) {
          going = false;
          stepping.go(Double.POSITIVE_INFINITY);
        } else {
          stepping.slice();
        }
      } catch (IllegalStateException | IllegalArgumentException | UncheckedIOException e) {
        fail(e);
      } catch (SimulationStoppedException _) {
        breakOff();
      }
      if (timeline.lastSequence() != before || stepping.phase() != was) {
        publish();
      }
      if (replay != null) {
        return 0;
      }
      return stepping.phase() == RunPhase.RUNNING ? stepping.restNs() : REST_NS;
    }

    @Override
    public void end() {
      stepping.end();
      if (stepping.phase() == RunPhase.FAILED || stepping.isBrokenOff()) {
        sink.breakOff(String.valueOf(stepping.message()));
      } else {
        sink.complete();
      }
      publish();
    }
  }
}
