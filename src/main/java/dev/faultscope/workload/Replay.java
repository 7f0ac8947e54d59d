package dev.faultscope.workload;

/** The accesses of a recording, from the start again after the last. */
final class Replay implements Workload {
  static final WorkloadType TYPE =
      WorkloadType.of(
              "replay",
              "what the threads of a recording accessed, named by `recording`; one thread replays"
                  + " all, several one of its threads each",
              context -> new Replay(context.recorded(), context.pages()))
          .following();

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
