package dev.faultscope.session.run;

import dev.faultscope.simulation.Simulation;
import java.util.List;

/** Takes the way of another run again, hand actions and all, up to a moment. */
final class Retracing {
  private final Simulation simulation;
  private final Deed.Way way;
  private final List<Deed> deeds;
  private int redone;

  /**
   * @param deeds where what is done again is noted, so that this run can be forked too
   */
  Retracing(Simulation simulation, Deed.Way way, List<Deed> deeds) {
    this.simulation = simulation;
    this.way = way;
    this.deeds = deeds;
  }

  boolean isThere(long seq) {
    return seq >= way.seq();
  }

  /**
   * Does the next thing that the other run did.
   *
   * @throws IllegalStateException if nothing happens here where something did there
   */
  void step() {
    List<Deed> again = way.deeds();
    if (redone < again.size() && again.get(redone).step() <= simulation.steps()) {
      Deed deed = again.get(redone++);
      deeds.add(deed);
      switch (deed) {
        case Deed.Did(long _, var hand) -> simulation.perform(hand);
        case Deed.TookOver(long _, boolean manual) -> simulation.manual(manual);
      }
    } else if (!simulation.advance()) {
      throw new IllegalStateException(
          "the way cannot be taken again: it ended after " + simulation.steps() + " steps");
    }
  }
}
