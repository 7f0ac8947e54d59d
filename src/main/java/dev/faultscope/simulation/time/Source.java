package dev.faultscope.simulation.time;

import dev.faultscope.scenario.SourceSpec;
import java.util.random.RandomGenerator;

/** Where pages come from: draws how long each fetch takes, log-normally around a median. */
public final class Source {
  private final RandomGenerator random;
  private final long medianNs;
  private final double sigma;
  private final long pageNs;

  public Source(SourceSpec spec, RandomGenerator random) {
    this.random = random;
    medianNs = spec.settings().number("latency");
    sigma = spec.settings().number("spread") / 100.0;
    pageNs = spec.settings().number("page");
  }

  /** {@return nanoseconds that one fetch of some pages takes} */
  public long fetchNs(long pages) {
    double latency = sigma == 0 ? medianNs : medianNs * Math.exp(sigma * random.nextGaussian());
    return (long) latency + (pages - 1) * pageNs;
  }
}
