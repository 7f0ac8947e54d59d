package dev.faultscope.live.engine;

import dev.faultscope.live.handler.LiveControl;
import java.util.List;

/**
 * A handler of a scenario at work on real memory.
 *
 * @param uffd the userfaultfd whose faults it answers
 * @param control the hand on it
 * @param regions names of its regions, in order
 */
public record ScenarioHandler(String uffd, LiveControl control, List<String> regions) {
  public ScenarioHandler {
    regions = List.copyOf(regions);
  }
}
