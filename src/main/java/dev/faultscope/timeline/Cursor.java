package dev.faultscope.timeline;

import dev.faultscope.model.Event;

/**
 * One reader's place in a timeline: moment {@code n} is the state after event {@code n}, moment 0
 * the state before the first event.
 *
 * <p>The state reached by stepping, by seeking and by replaying from zero is the same. Not safe for
 * several threads.
 */
public interface Cursor extends AutoCloseable {
  /** {@return the moment the cursor stands at} */
  long position();

  /** {@return the event that made this moment}; throws {@link IllegalStateException} at moment 0 */
  Event event();

  /**
   * Goes to a moment.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= moment <= lastSequence()}
   * @throws TimelineException if the file's page states are damaged; the cursor then stands at
   *     moment 0 and its listener has not been told
   */
  void seek(long moment);

  /** {@return whether there was a next event; it is applied} */
  boolean next();

  /** {@return whether there was an event to take back; it is undone} */
  boolean previous();

  /** {@return the {@link dev.faultscope.model.PageState} of a page at this moment} */
  int state(int region, int page);

  /**
   * Copies states of consecutive pages at this moment, as {@link Timeline#codes()}.
   *
   * @param into receives {@code count} codes from index {@code at}
   */
  void states(int region, int firstPage, int count, char[] into, int at);

  /**
   * {@return whether every page of the range is as its region's pages were at the start, told
   * without reading each}
   */
  boolean isUntouched(int region, int firstPage, int count);

  /** {@return the fault queue and what each actor does at this moment} */
  Moment moment();

  /**
   * Calls back with every range of pages that a move may have changed, before the move returns and
   * with the cursor at its new place. A step tells the pages of its event, a seek one range a tile
   * at most, joined where they touch; a seek to far away tells whole tiles. Replaces the listener.
   */
  void onChange(PageChangeListener listener);

  @Override
  void close();

  /** Told which pages a cursor's move may have changed. */
  @FunctionalInterface
  interface PageChangeListener {
    /**
     * Pages {@code firstPage} to {@code firstPage + count - 1} of a region may differ from before
     * the move.
     */
    void changed(int region, int firstPage, int count);
  }
}
