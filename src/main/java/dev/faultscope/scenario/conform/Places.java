package dev.faultscope.scenario.conform;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Engine;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Scenario;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says addresses of one engine as places, which both engines share. */
final class Places {

  private final Engine engine;
  private final Map<String, Long> bytes = new LinkedHashMap<>();

  Places(Engine engine, Scenario scenario) {
    this.engine = engine;
    scenario.memory().forEach(memory -> bytes.put(memory.name(), memory.pages() * PAGE_BYTES));
  }

  /** Learns the name that a move gave a range. */
  void learn(Action.Mremap moved) {
    bytes.put(moved.as(), moved.range().bytes());
  }

  void forget(Action.Mremap moved) {
    bytes.remove(moved.as());
  }

  /** {@return the place of an address; the address itself where no mapping was made there} */
  String of(long address) {
    for (Map.Entry<String, Long> each : bytes.entrySet()) {
      long offset = address - engine.address(new Place(each.getKey(), 0));
      if (offset >= 0 && offset <= each.getValue()) {
        return new Place(each.getKey(), offset).toString();
      }
    }
    return new Place(null, address).toString();
  }
}
