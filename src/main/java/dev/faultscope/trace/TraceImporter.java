package dev.faultscope.trace;

import dev.faultscope.trace.input.ImportCancelledException;
import dev.faultscope.trace.input.ImportOptions;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.ImportReport;
import dev.faultscope.trace.input.RecordingTarget;
import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.input.TraceFile;
import dev.faultscope.trace.input.TraceFormat;
import dev.faultscope.trace.input.TraceHead;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads a file of any format of a registry into a recording.
 *
 * <p>Memory used does not depend on the size of the file. Safe for many threads.
 */
public final class TraceImporter {
  private final TraceFormats formats;

  public TraceImporter(TraceFormats formats) {
    this.formats = formats;
  }

  /**
   * {@return the format of a file, by its content}
   *
   * @throws TraceException if it cannot be read or is no recording
   */
  public TraceFormat formatOf(Path source) throws TraceException {
    return formatOf(TraceFile.of(source));
  }

  private TraceFormat formatOf(TraceFile file) throws TraceException {
    try {
      return formats.detect(new TraceHead(file.head(TraceHead.BYTES)), nameOf(file.path()));
    } catch (IOException e) {
      throw unreadable(file.path(), e);
    }
  }

  /**
   * Imports a file.
   *
   * @param target opens the recording once the format and the time of its origin are known
   * @param progress told how far it is, and asked whether to go on
   * @return what was found and what could not be used
   * @throws TraceException if the file cannot be read at all; a damaged part of it is reported, not
   *     thrown
   * @throws ImportCancelledException if the listener asked to stop
   */
  public ImportReport importTrace(
      Path source, ImportOptions options, RecordingTarget target, ImportProgress progress)
      throws TraceException {
    TraceFile file = TraceFile.of(source);
    TraceFormat format = formatOf(file);
    try {
      return format.read(file, options.titled(nameOf(source)), target, progress);
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private static String nameOf(Path source) {
    return String.valueOf(source.getFileName());
  }

  private static TraceException unreadable(Path source, IOException e) {
    return new TraceException(
        "cannot read " + source.getFileName() + ": " + TraceFile.reason(e), e);
  }
}
