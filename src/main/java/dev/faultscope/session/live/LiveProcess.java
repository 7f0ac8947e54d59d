package dev.faultscope.session.live;

import dev.faultscope.session.run.RunCommand;
import java.util.Map;

/** The process that a live run is about, as far as it can be told something from outside. */
interface LiveProcess {
  /** Ends it, or lets go of it; returns at once. */
  void stop();

  /** {@return what can be done to it from outside: why not, empty where it can} */
  Map<RunCommand.Injection, String> injections();

  /**
   * Does something to it. Not on a handler's thread: it may wait for the handler.
   *
   * @return what happened, in one sentence
   * @throws IllegalArgumentException if it cannot be
   */
  String inject(RunCommand.Inject what);
}
