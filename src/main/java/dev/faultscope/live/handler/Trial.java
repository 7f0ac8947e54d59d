package dev.faultscope.live.handler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tries ways of running in turn, some faults each and several times over, and says which was
 * fastest. The best of a way's turns counts: what else the machine does only ever slows one down. A
 * way that is far behind after the second round is tried no more, so that slow ones cost a peer
 * little.
 */
final class Trial {
  private static final int FAULTS_A_TURN = 128;
  private static final int ROUNDS = 4;

  /** A way that takes this many times as long as the fastest is out. */
  private static final double FAR_BEHIND = 1.5;

  /** Where a handler runs and how long it looks for the next message before it sleeps. */
  record Way(Placement placement, long spinNs) {}

  private static final class Candidate {
    private final Way way;
    private long best = Long.MAX_VALUE;

    Candidate(Way way) {
      this.way = way;
    }
  }

  private final List<Candidate> left = new ArrayList<>();
  private int turn;
  private int round;
  private int faults;
  private long since;

  Trial(List<Way> ways) {
    ways.forEach(way -> left.add(new Candidate(way)));
  }

  Way current() {
    return left.get(turn).way;
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
    Candidate tried = left.get(turn);
    tried.best = Math.min(tried.best, nowNs - since);
    faults = 0;
    turn++;
    if (turn == left.size()) {
      endRound();
    }
    return isOver() ? fastest() : current();
  }

  private void endRound() {
    turn = 0;
    round++;
    if (round > 1) { // in the first the code is cold yet
      long best = leader().best;
      left.removeIf(candidate -> candidate.best > FAR_BEHIND * best);
    }
  }

  /** The turn that was under way says nothing: it begins again. */
  void disturbed() {
    faults = 0;
  }

  boolean isOver() {
    return round == ROUNDS || left.size() == 1;
  }

  Way fastest() {
    return leader().way;
  }

  private Candidate leader() {
    return Collections.min(left, Comparator.comparingLong(candidate -> candidate.best));
  }
}
