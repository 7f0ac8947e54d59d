package dev.faultscope.session;

/** How fast playing goes; negative is backwards. */
public sealed interface Pace {
  /** So many events a second, 0.1 to 10,000,000 either way. */
  record Events(double perSecond) implements Pace {
    public Events {
      double speed = Math.abs(perSecond);
      if (!(speed >= 0.1 && speed <= 10_000_000)) {
        throw new IllegalArgumentException(
            "eventsPerSecond is " + perSecond + ", must be 0.1 to 10000000 either way");
      }
    }
  }

  /** So many recorded nanoseconds in a real one, a billionth to a million either way. */
  record Time(double scale) implements Pace {
    public Time {
      double speed = Math.abs(scale);
      if (!(speed >= 1e-9 && speed <= 1e6)) {
        throw new IllegalArgumentException(
            "timeScale is " + scale + ", must be 1e-9 to 1e6 either way");
      }
    }
  }
}
