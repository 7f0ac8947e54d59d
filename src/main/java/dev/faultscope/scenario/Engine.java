package dev.faultscope.scenario;

/**
 * Something that can run a scenario: the simulated kernel, or a real one.
 *
 * <p>After each action the engine has settled: every thread that an action lets run has run until
 * it sleeps or is done. An engine on a real kernel waits, within bounds, until it is sure.
 */
public interface Engine extends AutoCloseable {
  /** {@return its name in a scenario's list of engines: {@code simulation} or {@code live}} */
  String name();

  /**
   * Makes what the scenario's sections describe: memory, userfaultfds, threads.
   *
   * @throws IllegalStateException if the engine cannot offer what is asked for; the message says
   *     why
   */
  void prepare(Scenario scenario);

  /** Performs an action. {@return what was seen} */
  Observation perform(Action action);

  /** {@return the absolute address of a place} */
  long address(Place place);

  /** {@return the thread id of a named thread} */
  long tid(String thread);

  @Override
  void close();
}
