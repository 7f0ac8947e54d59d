package dev.faultscope.session;

import dev.faultscope.session.query.Breakpoints;
import org.jspecify.annotations.Nullable;

/**
 * Whoever watches an exploration. Every method is called on the exploration's own thread, one at a
 * time; a viewer that blocks stops its own exploration and nobody else's.
 */
public interface Viewer {
  /** States of pages may have changed; the newest are read from the snapshot of the next turn. */
  void pagesChanged(int region, int firstPage, int count);

  /** Everything may have changed: another timeline has taken the place of the one before. */
  void allChanged();

  /**
   * Shows what is to be shown now. Called after every command, every tick of playing and every
   * nudge.
   */
  void turn(MomentSnapshot snapshot);

  /** {@return whether the next moment may be played: false while the last is still on its way} */
  boolean isReady();

  /**
   * Answers a {@link Command.Find}.
   *
   * @param stop the event found and what it satisfies, null for none in that direction
   */
  void found(Command.Find find, Breakpoints.@Nullable Stop stop, long scanned);

  /**
   * A command could not be carried out and changed nothing.
   *
   * @param position in a query, from 0; -1 where it is about none
   */
  void failed(String code, String message, int position);

  /** Nothing more will come. */
  void ended();
}
