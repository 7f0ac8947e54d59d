package dev.faultscope.stream;

import dev.faultscope.session.PageStateReader;
import java.util.HashMap;
import java.util.Map;

/** Page states of regions, held in arrays. */
final class PaintedStates implements PageStateReader {
  private final Map<Integer, char[]> regions = new HashMap<>();

  PaintedStates region(int index, int pages) {
    regions.put(index, new char[pages]);
    return this;
  }

  PaintedStates paint(int region, int first, int count, int state) {
    for (int page = first; page < first + count; page++) {
      array(region)[page] = (char) state;
    }
    return this;
  }

  private char[] array(int region) {
    char[] array = regions.get(region);
    if (array == null) {
      throw new IllegalArgumentException("no region " + region);
    }
    return array;
  }

  @Override
  public void states(int region, int firstPage, int count, char[] into, int at) {
    System.arraycopy(array(region), firstPage, into, at, count);
  }

  @Override
  public boolean isUntouched(int region, int firstPage, int count) {
    char[] array = array(region);
    for (int page = firstPage; page < firstPage + count; page++) {
      if (array[page] != 0) {
        return false;
      }
    }
    return true;
  }
}
