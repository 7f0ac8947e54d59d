package dev.faultscope.workload;

import dev.faultscope.settings.Parameter;
import java.util.random.RandomGenerator;

/**
 * Pages drawn by a Zipf law: the n-th most popular with a probability proportional to 1/n^s.
 * Sampled by rejection-inversion (Hörmann and Derflinger, 1996), so without tables. Popular pages
 * lie anywhere.
 */
final class Zipf implements Workload {
  static final WorkloadType TYPE =
      WorkloadType.of(
          "zipf",
          "few pages often, many seldom; popular pages lie anywhere",
          context ->
              new Zipf(
                  context.pages(), context.settings().number("exponent") / 100.0, context.random()),
          Parameter.number("exponent", 99, 1, 400, "exponent of the Zipf law, in percent"));

  private final RandomGenerator random;
  private final Permutation places;
  private final double exponent;
  private final int count;
  private final double hIntegralFirst;
  private final double hIntegralCount;
  private final double s;

  /**
   * @param exponent s, above 0
   */
  Zipf(int pages, double exponent, RandomGenerator random) {
    this.random = random;
    this.exponent = exponent;
    count = pages;
    places = new Permutation(pages, random);
    hIntegralFirst = hIntegral(1.5) - 1;
    hIntegralCount = hIntegral(pages + 0.5);
    s = 2 - hIntegralInverse(hIntegral(2.5) - h(2));
  }

  @Override
  public int next() {
    return places.at(rank() - 1);
  }

  private int rank() {
    while (true) {
      double u = hIntegralCount + random.nextDouble() * (hIntegralFirst - hIntegralCount);
      double x = hIntegralInverse(u);
      int rank = (int) Math.clamp(Math.round(x), 1L, count);
      if (rank - x <= s || u >= hIntegral(rank + 0.5) - h(rank)) {
        return rank;
      }
    }
  }

  private double h(double x) {
    return Math.exp(-exponent * Math.log(x));
  }

  private double hIntegral(double x) {
    double logX = Math.log(x);
    return expm1OverX((1 - exponent) * logX) * logX;
  }

  private double hIntegralInverse(double x) {
    double t = Math.max(-1, x * (1 - exponent));
    return Math.exp(log1pOverX(t) * x);
  }

  private static double log1pOverX(double x) {
    return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x * (0.5 - x / 3);
  }

  private static double expm1OverX(double x) {
    return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x * 0.5 * (1 + x / 3);
  }
}
