package dev.faultscope.live;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tries ways of running in turn, some faults each and several times over, and says which was
 * fastest. The best of a way's turns counts: what else the machine does only ever slows one down.
 */
final class Trial {
  private static final int FAULTS_A_TURN = 512;
  private static final int ROUNDS = 4;

  /** Where a handler runs and how long it looks for the next message before it sleeps. */
  record Way(Placement placement, long spinNs) {}

  private final List<Way> ways;
  private final long[] best;
  private int turn;
  private int faults;
  private long since;

  Trial(List<Way> ways) {
    this.ways = ways;
    best = new long[ways.size()];
    Arrays.fill(best, Long.MAX_VALUE);
  }

  Way current() {
    return ways.get(turn % ways.size());
  }

  /**
   * Counts a fault that was met now.
   *
   * @return another way to go on with, null to go on as before
   */
  @Nullable Way met(long nowNs) {
    if (isOver()) {
      return null;
    }
    if (faults == 0) {
      since = nowNs;
    }
    if (faults++ < FAULTS_A_TURN) {
      return null;
    }
    int way = turn % ways.size();
    best[way] = Math.min(best[way], nowNs - since);
    faults = 0;
    turn++;
    return isOver() ? fastest() : current();
  }

  /** The turn that was under way says nothing: it begins again. */
  void disturbed() {
    faults = 0;
  }

  boolean isOver() {
    return turn == ways.size() * ROUNDS;
  }

  Way fastest() {
    int fastest = 0;
    for (int i = 1; i < best.length; i++) {
      if (best[i] < best[fastest]) {
        fastest = i;
      }
    }
    return ways.get(fastest);
  }
}
