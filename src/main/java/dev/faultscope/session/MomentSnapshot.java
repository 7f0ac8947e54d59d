package dev.faultscope.session;

import dev.faultscope.session.query.MomentView;

/** What an exploration shows at one moment. Valid until the turn ends. */
public interface MomentSnapshot extends PageStateReader {
  /** {@return the moment} */
  long seq();

  /** {@return whether it plays} */
  boolean playing();

  /** {@return whether it follows a growing recording} */
  boolean following();

  /** {@return the moment in whole: event, sentence, queue and actors} */
  MomentView moment();

  /** {@return how many moments were passed through by playing and following, ever} */
  long passed();

  /** {@return the pages of all regions together} */
  long pages();

  /** {@return how many regions there are} */
  int regions();

  /** {@return the pages of a region} */
  int pages(int region);
}
