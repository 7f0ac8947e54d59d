package dev.faultscope.session;

import dev.faultscope.timeline.Timeline;

/** Where playing should be by now. Knows the time only from what it is told. */
final class Playback {
  /** After a longer pause between ticks playing goes on as if it had been this long. */
  static final long LONGEST_TICK_NS = 250_000_000L;

  private final Pace pace;
  private long lastTickNs;
  private double playhead;

  /**
   * Starts at a moment.
   *
   * @param nowNs the clock
   */
  Playback(Pace pace, Timeline timeline, long position, long nowNs) {
    this.pace = pace;
    this.lastTickNs = nowNs;
    this.playhead =
        switch (pace) {
          case Pace.Events _ -> position;
          case Pace.Time _ -> position == 0 ? 0 : timeline.event(position).timeNs();
        };
  }

  boolean isForward() {
    return switch (pace) {
      case Pace.Events(double perSecond) -> perSecond > 0;
      case Pace.Time(double scale) -> scale > 0;
    };
  }

  /** {@return the moment to be at now} */
  long tick(Timeline timeline, long nowNs) {
    long passed = Math.clamp(nowNs - lastTickNs, 0, LONGEST_TICK_NS);
    lastTickNs = nowNs;
    long last = timeline.lastSequence();
    return switch (pace) {
      case Pace.Events(double perSecond) -> {
        playhead = Math.clamp(playhead + perSecond * passed / 1e9, 0, last);
        yield (long) playhead;
      }
      case Pace.Time(double scale) -> {
        playhead = Math.clamp(playhead + scale * passed, 0, timeline.endNs());
        yield playhead <= 0 && scale < 0 ? 0 : timeline.sequenceAt((long) playhead);
      }
    };
  }

  /** {@return how long until it is worth asking again: until the next event, at most a bound} */
  long nextTickNs(Timeline timeline, long position, long boundNs) {
    double untilNext =
        switch (pace) {
          case Pace.Events(double perSecond) -> {
            double next = perSecond > 0 ? position + 1 : position - 1;
            yield (next - playhead) / perSecond * 1e9;
          }
          case Pace.Time(double scale) -> {
            if (scale < 0 || position >= timeline.lastSequence()) {
              yield 0;
            }
            yield (timeline.event(position + 1).timeNs() - playhead) / scale;
          }
        };
    return Math.clamp((long) untilNext, 1_000_000L, Math.max(1_000_000L, boundNs));
  }
}
