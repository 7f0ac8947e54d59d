package dev.faultscope.session.comparison;

import dev.faultscope.live.engine.RunStoppedException;
import dev.faultscope.live.engine.WorkloadRun;
import dev.faultscope.model.Counted;
import dev.faultscope.policy.PolicySpec;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.WorkloadSpec;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.simulation.kernel.SimulationStoppedException;
import dev.faultscope.workload.Recordings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One comparison from request to result: a run for each policy and seed, one after the other. */
public final class Comparison implements Runnable {
  /** How far it is. */
  public enum State {
    WAITING,
    RUNNING,
    DONE,
    CANCELLED,
    FAILED
  }

  /** Steps between two looks at the clock and at whether somebody cancelled. */
  private static final int STRIDE = 1024;

  private static final String CANCELLED = "Cancelled: runs that ended before are shown.";

  private final String id;
  private final ComparisonRequest request;
  private final ComparisonLimits limits;
  private final List<String> workers;
  private final List<Measured> runs = new ArrayList<>();
  private State state = State.WAITING;
  private String message = "";
  private @Nullable String current;
  private long currentEvents;
  private volatile boolean cancelled;

  Comparison(String id, ComparisonRequest request, ComparisonLimits limits) {
    this.id = id;
    this.request = request;
    this.limits = limits;
    workers = request.scenario().workloads().stream().map(WorkloadSpec::actor).distinct().toList();
  }

  /** {@return one that is run by who made it, and needs no name} */
  public static Comparison of(ComparisonRequest request) {
    return new Comparison("", request, ComparisonLimits.USUAL);
  }

  /** {@return its name} */
  public String id() {
    return id;
  }

  /** Stops it, within a step too; what ran to its end stays. */
  public void cancel() {
    cancelled = true;
    synchronized (this) {
      if (state == State.WAITING) {
        state = State.CANCELLED;
      }
    }
  }

  /** {@return whether nothing more will come of it} */
  public synchronized boolean isOver() {
    return state != State.WAITING && state != State.RUNNING;
  }

  /** {@return how far it is and what it came to} */
  public synchronized ComparisonView view() {
    return new ComparisonView(
        id,
        request.scenario().title(),
        state,
        message,
        runs.size(),
        request.runs(),
        current,
        currentEvents,
        List.copyOf(request.policies().keySet()),
        request.seeds(),
        request.engines(),
        workers,
        List.copyOf(runs),
        Ratio.of(runs));
  }

  /** Runs everything; {@link Comparisons} does, when it is its turn. */
  @Override
  public void run() {
    if (!begin()) {
      return;
    }
    try {
      for (long seed : request.seeds()) {
        for (Map.Entry<String, PolicySpec> each : request.policies().entrySet()) {
          for (String engine : request.engines()) {
            Measured run = run(engine, each.getKey(), each.getValue(), seed);
            if (cancelled) {
              end(State.CANCELLED, CANCELLED);
              return;
            }
            add(run);
          }
        }
      }
      end(State.DONE, "");
    } catch (SimulationStoppedException _) {
      end(State.CANCELLED, CANCELLED);
    } catch (RunStoppedException _) {
      end(
          cancelled ? State.CANCELLED : State.FAILED,
          cancelled
              ? CANCELLED
              : "a run on the real kernel was not over after %d s: make the scenario smaller"
                  .formatted(limits.time().toSeconds()));
    } catch (IllegalArgumentException | IllegalStateException | IOException e) {
      end(State.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private Measured run(String engine, String policy, PolicySpec spec, long seed)
      throws IOException {
    say(policy, 0);
    Set<String> names = new LinkedHashSet<>(workers);
    RunMeasurement tally = new RunMeasurement(names);
    return engine.equals(Scenario.LIVE)
        ? runLive(policy, spec, seed, tally)
        : simulate(policy, spec, seed, tally);
  }

  /** On the real kernel; what it cannot do there it says, with the remedy. */
  private Measured runLive(String policy, PolicySpec spec, long seed, RunMeasurement tally)
      throws IOException {
    long until = System.nanoTime() + limits.time().toNanos();
    RunReport report =
        WorkloadRun.run(
            request.scenario().with(spec),
            seed,
            Recordings.NONE,
            tally,
            () -> cancelled || System.nanoTime() - until >= 0);
    return Measured.of(policy, report, workers, tally, "");
  }

  private Measured simulate(String policy, PolicySpec spec, long seed, RunMeasurement tally) {
    SimulationOptions options =
        SimulationOptions.NONE.withSeed(seed).withPolicy(spec).stoppedBy(() -> cancelled);
    Simulation simulation = Simulation.start(request.scenario(), options, tally);
    String note = play(simulation, tally, policy);
    return Measured.of(policy, simulation.report(), workers, tally, note);
  }

  /** Plays to the end. {@return why it did not get there, or empty} */
  private String play(Simulation simulation, RunMeasurement tally, String policy) {
    long until = System.nanoTime() + limits.time().toNanos();
    long steps = 0;
    while (simulation.advance()) {
      if (++steps % STRIDE != 0) {
        continue;
      }
      say(policy, tally.lastSequence());
      if (cancelled) {
        return "cancelled";
      }
      if (tally.lastSequence() >= limits.events()) {
        return "stopped after " + limits.events() + " events: make the scenario smaller";
      }
      if (System.nanoTime() - until >= 0) {
        return "stopped after " + limits.time().toSeconds() + " s: make the scenario smaller";
      }
    }
    int waiting = simulation.waiting().size();
    return waiting == 0
        ? ""
        : Counted.of(waiting, "fault") + (waiting == 1 ? " was" : " were") + " never answered";
  }

  private synchronized boolean begin() {
    if (state != State.WAITING) {
      return false;
    }
    state = State.RUNNING;
    return true;
  }

  private synchronized void say(String policy, long events) {
    current = policy;
    currentEvents = events;
  }

  private synchronized void add(Measured run) {
    runs.add(run);
  }

  private synchronized void end(State how, String why) {
    state = how;
    message = why;
    current = null;
  }

  /** Nobody will run it: the server stops. */
  synchronized void abandon() {
    cancelled = true;
    if (!isOver()) {
      end(State.CANCELLED, "Faultscope stopped.");
    }
  }
}
