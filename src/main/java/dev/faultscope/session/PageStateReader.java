package dev.faultscope.session;

/** Page states at one moment, as something that is drawn or sent reads them. */
public interface PageStateReader {
  /**
   * Copies states of consecutive pages.
   *
   * @param into receives {@code count} codes of the timeline from index {@code at}
   */
  void states(int region, int firstPage, int count, char[] into, int at);

  /**
   * {@return whether every page of the range is as its region's were at the start, told quickly}
   */
  boolean isUntouched(int region, int firstPage, int count);
}
