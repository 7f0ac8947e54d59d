package dev.faultscope.session.comparison;

import dev.faultscope.session.scenario.Scenarios;
import java.time.Duration;

/**
 * How much a comparison may take.
 *
 * @param policies policies of one comparison
 * @param seeds seeds of one comparison
 * @param pages pages of all memory of the scenario
 * @param events events of one run; a run that reaches it is stopped and says so
 * @param time of one run on the wall's clock, likewise
 * @param waiting comparisons that wait for their turn; one more is refused
 * @param kept comparisons that can still be asked for; the oldest that is done goes first
 */
public record ComparisonLimits(
    int policies, int seeds, long pages, long events, Duration time, int waiting, int kept) {
  /** What a server allows. */
  public static final ComparisonLimits USUAL =
      new ComparisonLimits(16, 8, Scenarios.MAX_PAGES, 20_000_000, Duration.ofSeconds(60), 4, 32);

  public ComparisonLimits {
    if (policies < 1
        || seeds < 1
        || pages < 1
        || events < 1
        || waiting < 1
        || kept < 1
        || !time.isPositive()) {
      throw new IllegalArgumentException("a limit must be at least 1");
    }
  }
}
