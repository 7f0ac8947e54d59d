package dev.faultscope.session.library;

import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.TimelineInfo;
import java.nio.file.Path;
import java.util.List;

/** Reads a file of any format into a recording. */
public interface Importer {
  /**
   * Imports a file; returns when it is done.
   *
   * @param source the file
   * @param title what people call the recording
   * @param regions regions told by hand, each as {@code 0xBASE+SIZE=NAME[@0xGPA]}
   * @param target opens the recording once it is known what it is
   * @param listener told how far it is, and asked whether to go on
   * @return what of the file was lost and how much is here, one sentence; empty for nothing
   * @throws ImportFailedException if the file cannot be read, or no further; what was recorded
   *     stays
   */
  String run(Path source, String title, List<String> regions, Target target, Listener listener)
      throws ImportFailedException;

  /**
   * Checks what can be checked before an import: regions, and whether the file is a recording at
   * all.
   *
   * @throws ImportFailedException saying what is wrong and what to do
   */
  void check(Path source, List<String> regions) throws ImportFailedException;

  /** Opens the recording that an import writes into. */
  @FunctionalInterface
  interface Target {
    Recorder begin(TimelineInfo info);
  }

  /** Told how far an import is. */
  interface Listener {
    /** So many bytes of work are done, of so many. */
    void advanced(long done, long total);

    /** {@return whether to stop} */
    boolean cancelled();
  }

  /** An import cannot go on; the message is one sentence a person can act on. */
  final class ImportFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    public ImportFailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
