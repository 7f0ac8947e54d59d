package dev.faultscope.timeline;

import dev.faultscope.timeline.Moment.Activity;

/**
 * Sums what every actor did, and how many faults waited, from one time to a later one, exactly: the
 * sums over the parts of a stretch are the sum over it. For one thread; its timeline must stay
 * open.
 */
public interface ActivityWalk {
  /** Told what an actor begins to do. */
  @FunctionalInterface
  interface Changes {
    /**
     * It does this from now on.
     *
     * @param sequence the event that made it so
     * @param timeNs its time
     */
    void changed(int actor, Activity to, long sequence, long timeNs);
  }

  /**
   * Has every change told on the way; then no stretch is passed in strides.
   *
   * @param told on the walking thread
   */
  void onChange(Changes told);

  /** {@return actors whose time is summed: those declared when the walk began} */
  int actors();

  /**
   * Goes on to a time; what is asked then is of the stretch from the one before to it.
   *
   * @param toNs not before the one before; events at it are of the next stretch, but those at the
   *     recording's end of this one
   */
  void to(long toNs);

  /**
   * {@return nanoseconds of the stretch that an actor spent so}
   *
   * @throws IllegalArgumentException for {@link Activity#UNKNOWN}, which is what is left
   */
  long spentNs(int actor, Activity activity);

  /** {@return faults that waited times nanoseconds, in the stretch} */
  long depthNs();

  /** {@return faults that were queued in the stretch: those of the statistics, unread ones too} */
  long queued();

  /** {@return pages of the filling ioctls that returned success in the stretch} */
  long served();

  /** {@return how many faults waited at most in the stretch} */
  int mostWaiting();
}
