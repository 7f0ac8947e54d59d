package dev.faultscope.session.comparison;

import dev.faultscope.policy.PolicySpec;
import dev.faultscope.scenario.WorkloadSpec;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.simulation.kernel.SimulationStoppedException;
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
        workers,
        List.copyOf(runs));
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
          Measured run = run(each.getKey(), each.getValue(), seed);
          if (cancelled) {
            end(State.CANCELLED, CANCELLED);
            return;
          }
          add(run);
        }
      }
      end(State.DONE, "");
    } catch (SimulationStoppedException _) {
      end(State.CANCELLED, CANCELLED);
    } catch (IllegalArgumentException | IllegalStateException e) {
      end(State.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private Measured run(String policy, PolicySpec spec, long seed) {
    say(policy, 0);
    Set<String> names = new LinkedHashSet<>(workers);
    RunMeasurement tally = new RunMeasurement(names);
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
    return waiting == 0 ? "" : waiting + " faults were never answered";
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
