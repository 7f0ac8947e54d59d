package dev.faultscope.session.run;

import dev.faultscope.simulation.Hand;
import java.util.List;

/** What a person did to a simulation, and when: a fork does it again. */
sealed interface Deed {
  /** {@return how many steps the simulation had done before} */
  long step();

  record Did(long step, Hand hand) implements Deed {}

  record TookOver(long step, boolean manual) implements Deed {}

  /**
   * The way a simulation has taken.
   *
   * @param seq the moment up to which it is to be taken again
   */
  record Way(List<Deed> deeds, long seq) {
    /** The way of a run that is started afresh. */
    static final Way NONE = new Way(List.of(), 0);

    public Way {
      deeds = List.copyOf(deeds);
    }
  }
}
