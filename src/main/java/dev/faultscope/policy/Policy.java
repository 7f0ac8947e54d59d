package dev.faultscope.policy;

/**
 * Decides which pages a handler installs and when. It knows no time and no kernel: it is told of
 * faults and writes down what to do; the handler does it and deals with what the kernel answers.
 *
 * <p>Pages are numbered through the handler's {@link HandledPages}.
 */
public interface Policy {
  /** What can be done before anybody accesses anything, at no cost: a baseline. */
  default void prepare(Plan plan) {}

  /** A message about a page was read: what is planned is done in order, before anything else. */
  void fault(int page, Plan plan);

  /** Nothing is left to do or to read: a chance to install pages that nobody asked for yet. */
  default void idle(Plan plan) {}
}
