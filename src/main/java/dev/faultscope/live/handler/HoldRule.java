package dev.faultscope.live.handler;

/** Which faults a person wants held. For the handlers' own threads. */
@FunctionalInterface
public interface HoldRule {
  /** {@return whether a fault that was just read and recorded is held back} */
  boolean holds(WaitingFault fault);

  /** Something was recorded: a fault that was read, or what answering one came to. */
  default void recorded() {}
}
