package dev.faultscope.trace.fscope;

import dev.faultscope.model.Bookmark;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.ProgressMeter;
import dev.faultscope.trace.output.TraceWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a recording of our own (docs/trace-format.md), whole and sealed also where the timeline
 * still grows or was never finished.
 */
public final class FscopeWriter implements TraceWriter {
  @Override
  public String name() {
    return "fscope";
  }

  @Override
  public String text() {
    return "Faultscope recording";
  }

  @Override
  public String mediaType() {
    return "application/octet-stream";
  }

  /** Goes by way of a temporary file: a recording is sealed at its beginning. */
  @Override
  public void write(Timeline timeline, List<Bookmark> bookmarks, OutputStream out)
      throws IOException {
    Path file = Files.createTempFile("faultscope-", ".fscope");
    try {
      try (RecordingFile recording = RecordingFile.create(file, timeline.info())) {
        try {
          bookmarks.forEach(recording::bookmark);
          TimelineCopy.copy(
              timeline,
              timeline.info().title(),
              recording,
              new ProgressMeter(ImportProgress.NONE, 0));
          recording.complete();
        } finally {
          recording.timeline().close();
        }
      }
      Files.copy(file, out);
      out.flush();
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
