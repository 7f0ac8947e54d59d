package dev.faultscope.cli;

/** A scenario that an engine cannot run; the message says why. */
final class UnfitScenarioException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnfitScenarioException(String message) {
    super(message);
  }
}
