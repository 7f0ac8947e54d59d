package dev.faultscope.session;

/** Page states at one moment, as something that is drawn or sent reads them. */
public interface PageStates {
  /**
   * Copies states of consecutive pages.
   *
   * @param into receives {@code count} {@link dev.faultscope.model.PageState} values from index
   *     {@code at}
   */
  void states(int region, int firstPage, int count, char[] into, int at);

  /** {@return whether every page of the range is absent, told without reading each} */
  boolean isAbsent(int region, int firstPage, int count);
}
