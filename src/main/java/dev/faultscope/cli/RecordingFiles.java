package dev.faultscope.cli;

import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineException;
import dev.faultscope.workload.RecordedAccesses;
import dev.faultscope.workload.Recordings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Recordings that a scenario names, as the files that the command line gives for the names. */
record RecordingFiles(Map<String, Path> files) implements Recordings {
  @Override
  public RecordedAccesses accesses(String name) {
    Path file = files.get(name);
    if (file == null) {
      return NONE.accesses(name);
    }
    try (Timeline timeline = RecordingFile.open(file)) {
      return RecordedAccesses.of(timeline);
    } catch (IOException | TimelineException e) {
      throw new IllegalArgumentException(
          "recording \"" + name + "\" cannot be read from " + file + ": " + e.getMessage(), e);
    }
  }
}
