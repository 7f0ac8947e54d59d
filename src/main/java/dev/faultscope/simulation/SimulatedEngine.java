package dev.faultscope.simulation;

import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Engine;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.simulation.kernel.Interruption;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.SimClock;
import dev.faultscope.timeline.Recorder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Plays scripts on the simulated kernel. Every event moves the clock by a microsecond: a script has
 * an order, not a speed.
 */
public final class SimulatedEngine implements Engine {
  static final long TICK_NS = 1_000;

  private final Recorder recorder;
  private final long tickNs;
  private final Interruption interruption;
  private @Nullable Script script;

  public SimulatedEngine(Recorder recorder) {
    this(recorder, TICK_NS, new Interruption(Interruption.NEVER));
  }

  /**
   * @param tickNs how far each event moves the clock; 0 where somebody else does
   * @param interruption by which it can be broken off
   */
  SimulatedEngine(Recorder recorder, long tickNs, Interruption interruption) {
    this.interruption = interruption;
    this.recorder = recorder;
    this.tickNs = tickNs;
  }

  @Override
  public String name() {
    return Scenario.SIMULATION;
  }

  @Override
  public void prepare(Scenario scenario) {
    script = new Script(new Machine(scenario, recorder, new SimClock(), tickNs, interruption));
  }

  private Script script() {
    return Objects.requireNonNull(script, "prepare() comes first");
  }

  Machine machine() {
    return script().machine();
  }

  /** {@return the kernel, once prepared} */
  public Kernel kernel() {
    return script().machine().kernel();
  }

  @Override
  public long address(Place place) {
    return script().machine().address(place);
  }

  @Override
  public long tid(String thread) {
    return script().machine().task(thread).tid();
  }

  @Override
  public Observation perform(Action action) {
    kernel().stormPass();
    kernel().settle();
    return play(action);
  }

  /** Performs an action without letting threads go on first. */
  Observation play(Action action) {
    return script().perform(action);
  }

  /** {@return what became of a thread, which changes nothing} */
  Observation look(String thread) {
    return script().look(thread);
  }

  @Override
  public void close() {}
}
