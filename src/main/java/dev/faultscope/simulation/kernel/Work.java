package dev.faultscope.simulation.kernel;

/**
 * What a thread is in the middle of: a small state machine that runs until it ends or sleeps, and
 * again after each wake.
 */
public interface Work {
  /**
   * Goes on from where it stopped. On return the task is asleep, or {@link Task#end} was called.
   */
  void run(Kernel kernel, Task task);
}
