package dev.faultscope.trace.input;

import java.io.IOException;
import java.util.OptionalInt;

/**
 * A form of recordings that can be read: knows its files by their content, and reads them.
 *
 * <p>One class a format, and one line of {@code TraceFormats}. Safe for many threads.
 */
public interface TraceFormat {
  /** {@return the word a recording keeps as its source, e.g. {@code ftrace}} */
  String source();

  /** {@return the format in words, as they stand in a list: {@code raw ftrace text}} */
  String text();

  /**
   * {@return where the first sign of this format stands in a file's head, in bytes; empty where
   * there is none}
   *
   * <p>Of several formats that find one, the earliest wins; it never goes by the file's name.
   */
  OptionalInt firstSign(TraceHead head);

  /** {@return whether a file of it is a recording of ours, which opens without an import} */
  default boolean isRecording() {
    return false;
  }

  /**
   * Reads a file.
   *
   * @param options what a person told; the title is never empty
   * @param target opens the recording once the format and the time of its origin are known
   * @param progress told how far it is, and asked whether to go on
   * @return what was found and what could not be used
   * @throws IOException if the file cannot be read any further
   * @throws TraceException if nothing can be made of it; a damaged part is reported, not thrown
   * @throws ImportCancelledException if the listener asked to stop
   */
  ImportReport read(
      TraceFile file, ImportOptions options, RecordingTarget target, ImportProgress progress)
      throws IOException, TraceException;
}
