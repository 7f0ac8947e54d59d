package dev.faultscope.simulation.workload;

/** The accesses of a recording, from the start again after the last. */
final class Replay implements Workload {
  private final int[] accesses;
  private int next;
  private int last;

  /**
   * @throws IllegalArgumentException if the recording accesses pages beyond those there are
   */
  Replay(int[] accesses, int pages) {
    this.accesses = accesses;
    for (int access : accesses) {
      if (RecordedAccesses.pageOf(access) >= pages) {
        throw new IllegalArgumentException(
            "the recording accesses page "
                + RecordedAccesses.pageOf(access)
                + ", the workload has "
                + pages);
      }
    }
  }

  @Override
  public int next() {
    last = accesses[next];
    next = next + 1 == accesses.length ? 0 : next + 1;
    return RecordedAccesses.pageOf(last);
  }

  @Override
  public int writes() {
    return RecordedAccesses.isWrite(last) ? 1 : 0;
  }
}
