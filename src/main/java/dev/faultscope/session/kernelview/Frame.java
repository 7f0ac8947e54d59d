package dev.faultscope.session.kernelview;

import java.util.List;

/**
 * One function on the way.
 *
 * @param function its name in the kernel
 * @param file where it stands in the kernel's source
 * @param kernel the kernel that this is true for: the recording's, with the series that brings the
 *     function where that one does not have it
 * @param text what it does at this moment, one sentence
 * @param values this moment's own values, at least one
 * @param current whether the moment is in this frame: the last of them
 * @param inferred whether the recording does not say that this was the way
 * @param differences how other kernels differ here
 */
public record Frame(
    String function,
    String file,
    String kernel,
    String text,
    List<Value> values,
    boolean current,
    boolean inferred,
    List<Difference> differences) {

  /** A value of this run: an argument, a flag, an error number. */
  public record Value(String name, String value) {}

  /**
   * How another kernel differs at this frame.
   *
   * @param version a {@link KernelVersion#id()}
   */
  public record Difference(String version, String text) {}
}
