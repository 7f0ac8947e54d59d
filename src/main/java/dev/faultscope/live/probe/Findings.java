package dev.faultscope.live.probe;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.live.probe.Check.Group;
import dev.faultscope.live.probe.Check.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Gathers what trials came to. */
final class Findings {
  private final List<Check> checks = new ArrayList<>();
  private final boolean container;

  Findings(boolean container) {
    this.container = container;
  }

  /** Something that can be tried. */
  interface Attempt {
    /** {@return what to say of the success} */
    String run() throws IOException;
  }

  List<Check> checks() {
    return List.copyOf(checks);
  }

  /** {@return what to do: on any machine, and inside a container if this is one} */
  String remedy(String onAnyMachine, String inContainer) {
    return container ? onAnyMachine + "; in a container: " + inContainer : onAnyMachine;
  }

  void attempt(String id, Group group, String title, String remedy, Attempt attempt) {
    try {
      add(id, group, title, Verdict.YES, attempt.run(), "");
    } catch (IOException failure) {
      add(id, group, title, Verdict.NO, said(failure), remedy);
    }
  }

  void add(String id, Group group, String title, Verdict verdict, String detail, String remedy) {
    add(new Check(id, group, title, verdict, detail, remedy, List.of()));
  }

  void add(Check check) {
    checks.add(check);
  }

  private static String said(IOException failure) {
    return failure instanceof LinuxException known
        ? known.getMessage()
        : failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }
}
