package dev.faultscope.session.kernelview;

import dev.faultscope.session.kernelview.Frame.Difference;
import dev.faultscope.session.kernelview.Frame.Value;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A way through the kernel while it is put together, from the outside in. */
final class KernelPath {
  private final List<Call> calls = new ArrayList<>();
  private final KernelRules rules;
  private boolean inferring;

  KernelPath(KernelRules rules) {
    this.rules = rules;
  }

  /** {@return whose rules the way follows} */
  KernelRules rules() {
    return rules;
  }

  private record Call(
      KernelFunction function,
      String text,
      List<Value> values,
      boolean inferred,
      Map<KernelVersion, String> differences) {}

  /** Goes on into a function. Values are names and values in turn. */
  KernelPath into(KernelFunction function, String text, String... values) {
    List<Value> named = new ArrayList<>();
    for (int i = 0; i + 1 < values.length; i += 2) {
      named.add(new Value(values[i], values[i + 1]));
    }
    calls.add(new Call(function, text, named, inferring, new EnumMap<>(KernelVersion.class)));
    return this;
  }

  /** Adds a value to the function gone into last. */
  KernelPath value(String name, String value) {
    calls.getLast().values().add(new Value(name, value));
    return this;
  }

  /**
   * Says how another kernel differs at the function gone into last. What is said of the recording's
   * own is what happens there.
   */
  KernelPath differs(KernelVersion version, String text) {
    calls.getLast().differences().put(version, text);
    return this;
  }

  /** Marks what is gone into from now on as concluded, or as told by the recording. */
  KernelPath inferring(boolean on) {
    inferring = on;
    return this;
  }

  /** Returns from every function below one that is on the way. */
  void backTo(KernelFunction function) {
    while (!calls.isEmpty() && calls.getLast().function() != function) {
      calls.removeLast();
    }
  }

  boolean goesThrough(KernelFunction function) {
    return calls.stream().anyMatch(call -> call.function() == function);
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  List<String> names() {
    return calls.stream().map(call -> call.function().functionName()).toList();
  }

  /** {@return the frames; the last one is the current one} */
  List<Frame> frames() {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      frames.add(
          new Frame(
              call.function().functionName(),
              call.function().file(),
              rules.kernelOf(call.function()),
              textOf(call),
              List.copyOf(call.values()),
              i == calls.size() - 1,
              call.inferred(),
              differencesOf(call)));
    }
    return List.copyOf(frames);
  }

  private String textOf(Call call) {
    KernelVersion own = rules.version();
    String more = own == null ? null : call.differences().get(own);
    boolean apart = own == KernelVersion.MAINLINE && call.function().series() != null;
    return more == null || apart ? call.text() : call.text() + " " + more;
  }

  private List<Difference> differencesOf(Call call) {
    List<Difference> differences = new ArrayList<>();
    call.differences()
        .forEach(
            (version, text) -> {
              if (!rules.is(version)) {
                differences.add(new Difference(version.id(), text));
              }
            });
    return List.copyOf(differences);
  }
}
