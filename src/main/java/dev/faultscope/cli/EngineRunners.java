package dev.faultscope.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every engine that {@code run} knows. */
final class EngineRunners {
  private static final List<EngineRunner> ALL = List.of(new SimulationRunner(), new LiveRunner());

  private EngineRunners() {}

  static Optional<EngineRunner> find(String name) {
    return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** {@return their names, for a message} */
  static String names() {
    return ALL.stream().map(EngineRunner::name).collect(Collectors.joining(", "));
  }
}
