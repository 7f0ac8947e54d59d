package dev.faultscope.session.scenario;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be run, on which kernel, and how.
 *
 * @param scenario name in the gallery, null where there is a text
 * @param text of a scenario, null where there is a name
 * @param engine {@code simulation} or {@code live}
 * @param seed instead of the scenario's, null for that
 * @param policy instead of every handler's, null for theirs
 * @param set values that replace the scenario's
 * @param paused whether it stands still at its start
 */
public record RunRequest(
    @Nullable String scenario,
    @Nullable String text,
    String engine,
    @Nullable Long seed,
    @Nullable String policy,
    Map<String, String> set,
    boolean paused) {
  public RunRequest {
    set = Map.copyOf(set);
  }
}
