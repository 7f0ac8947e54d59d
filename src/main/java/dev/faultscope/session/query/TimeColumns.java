package dev.faultscope.session.query;

/**
 * A window of time in equal columns, whose widths differ by at most 1 ns.
 *
 * @param fromNs start of the window, at least 0
 * @param toNs end of the window, after its start and not in it
 * @param count at least 1
 */
record TimeColumns(long fromNs, long toNs, int count) {
  /** {@return where a column starts; with {@code count} the window's end} */
  long edge(int column) {
    long window = toNs - fromNs;
    return fromNs + window / count * column + window % count * column / count;
  }

  /** {@return the column that a time is in, -1 outside the window} */
  int at(long timeNs) {
    if (timeNs < fromNs || timeNs >= toNs) {
      return -1;
    }
    double share = (double) (timeNs - fromNs) / (toNs - fromNs);
    int column = Math.clamp((long) (share * count), 0, count - 1);
    while (edge(column) > timeNs) {
      column--;
    }
    while (edge(column + 1) <= timeNs) {
      column++;
    }
    return column;
  }
}
