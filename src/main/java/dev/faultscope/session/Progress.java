package dev.faultscope.session;

import org.jspecify.annotations.Nullable;

/**
 * How far a recording is there.
 *
 * @param bytesRead bytes of work done
 * @param bytesTotal bytes of work in all
 * @param message what a person should know: why it is not whole, null if nothing
 */
public record Progress(State state, long bytesRead, long bytesTotal, @Nullable String message) {
  /** Whether all of a recording is there. */
  public enum State {
    /** It is being imported. */
    LOADING,
    /** It is written right now, by something that runs. */
    RUNNING,
    COMPLETE,
    /** The import broke off; what was read stays. */
    FAILED,
    /** A person stopped the import; what was read stays. */
    CANCELLED,
    /** The file is not whole; what could be read is there. */
    PARTIAL;

    /** {@return whether more may come} */
    public boolean isGrowing() {
      return this == LOADING || this == RUNNING;
    }
  }

  /** {@return an import that waits for its turn} */
  public static Progress waiting(long bytesTotal) {
    return new Progress(State.LOADING, 0, bytesTotal, null);
  }

  /** {@return a recording of something that runs} */
  public static Progress running() {
    return new Progress(State.RUNNING, 0, 0, null);
  }

  public Progress ended(State how, @Nullable String why) {
    boolean read = how == State.COMPLETE || how == State.PARTIAL;
    return new Progress(how, read ? bytesTotal : bytesRead, bytesTotal, why);
  }
}
