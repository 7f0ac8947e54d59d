package dev.faultscope.scenario;

import java.util.Map;

/** The actions that concern a run itself. */
final class RunActions {
  private RunActions() {}

  static void addTo(Map<String, ActionParser> parsers) {
    parsers.put("wait", f -> new Action.Wait(f.duration("time")));
    parsers.put("kill", f -> new Action.Kill(f.known(Scope.Kind.HANDLER, "handler")));
  }
}
