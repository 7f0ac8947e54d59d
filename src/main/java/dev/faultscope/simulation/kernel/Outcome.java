package dev.faultscope.simulation.kernel;

/** What an access came to. */
public enum Outcome {
  /** It completed. */
  DONE,
  /** Its thread sleeps. */
  BLOCKED,
  SIGBUS,
  SIGSEGV,
  /** The page is poisoned. */
  POISONED,
  /** It would have slept and may not. */
  WOULD_BLOCK
}
