package dev.faultscope.timeline;

import java.io.IOException;
import java.nio.file.Path;

/** A recording of a few chunks. */
final class SmallRecording {
  private SmallRecording() {}

  static RandomRecording write(Path file, long seed) throws IOException {
    try (RecordingFile recording =
            RecordingFile.create(file, new TimelineInfo("small", "simulation", 0));
        Timeline timeline = recording.timeline()) {
      RandomRecording written = new RandomRecording(recording, seed);
      for (int chunk = 0; chunk < 4; chunk++) {
        written.append(10);
        recording.note("note " + chunk);
        recording.flush();
      }
      recording.complete();
      if (timeline.lastSequence() != written.events.size()) {
        throw new AssertionError("lost events");
      }
      return written;
    }
  }
}
