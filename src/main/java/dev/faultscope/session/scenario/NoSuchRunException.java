package dev.faultscope.session.scenario;

/** Nothing is under way by that name. */
public final class NoSuchRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoSuchRunException() {
    super("this run is over, or never was; its recording may still be in the library");
  }
}
