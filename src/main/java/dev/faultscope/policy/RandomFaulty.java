package dev.faultscope.policy;

import dev.faultscope.settings.Parameter;
import java.util.random.RandomGenerator;

/**
 * Makes the mistakes that handlers make: installs and forgets to wake, installs a neighbour
 * instead, answers twice, or forgets the fault.
 */
final class RandomFaulty implements Policy {
  static final PolicyType TYPE =
      PolicyType.of(
          "random-faulty",
          "makes mistakes: forgets to wake, installs a neighbour, answers twice, forgets the fault",
          RandomFaulty::new,
          Parameter.number("percent", 20, 0, 100, "faults that get one"));

  private static final int MISTAKES = 4;

  private final HandledPages handled;
  private final int percent;
  private final RandomGenerator random;

  private RandomFaulty(PolicyContext context) {
    handled = context.handled();
    random = context.random();
    percent = context.settings().whole("percent");
  }

  @Override
  public void fault(int page, Plan plan) {
    if (random.nextInt(100) >= percent) {
      plan.add(Plan.Kind.INSTALL, page);
      return;
    }
    switch (random.nextInt(MISTAKES)) {
      case 0 -> plan.add(Plan.Kind.INSTALL_QUIETLY, page);
      case 1 -> {
        boolean last = page + 1 == handled.areaEnd(page);
        plan.add(Plan.Kind.INSTALL, last ? handled.areaStart(page) : page + 1);
      }
      case 2 -> {
        plan.add(Plan.Kind.INSTALL, page);
        plan.add(Plan.Kind.INSTALL, page);
      }
      default -> {
        // Forgotten: whoever waits for it waits on.
      }
    }
  }
}
