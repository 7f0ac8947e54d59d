package dev.faultscope.session.comparison;

import dev.faultscope.scenario.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real run as multiples of the simulated one of the same policy and seed; null where the
 * simulated figure is zero.
 *
 * @param stall by thread or vCPU
 */
public record Ratio(
    String policy,
    long seed,
    @Nullable Double faults,
    @Nullable Double ioctls,
    @Nullable Double elapsed,
    Map<String, @Nullable Double> stall) {

  /** {@return one for each policy and seed that ran on both engines} */
  static List<Ratio> of(List<Measured> runs) {
    List<Ratio> ratios = new ArrayList<>();
    for (Measured live : runs) {
      Optional<Measured> simulated =
          runs.stream()
              .filter(each -> each.engine().equals(Scenario.SIMULATION))
              .filter(each -> each.policy().equals(live.policy()) && each.seed() == live.seed())
              .findFirst();
      if (live.engine().equals(Scenario.LIVE) && simulated.isPresent()) {
        ratios.add(of(live, simulated.get()));
      }
    }
    return List.copyOf(ratios);
  }

  private static Ratio of(Measured live, Measured simulated) {
    Map<String, @Nullable Double> stall = new LinkedHashMap<>();
    live.stallNs()
        .forEach((who, ns) -> stall.put(who, of(ns, simulated.stallNs().getOrDefault(who, 0L))));
    return new Ratio(
        live.policy(),
        live.seed(),
        of(live.faults(), simulated.faults()),
        of(live.allIoctls(), simulated.allIoctls()),
        of(live.elapsedNs(), simulated.elapsedNs()),
        stall);
  }

  private static @Nullable Double of(long real, long simulated) {
    return simulated == 0 ? null : (double) real / simulated;
  }
}
