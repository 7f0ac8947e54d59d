package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultRowsTest {
  @TempDir Path folder;

  /** As a kernel does it: the thread is awake before the call has returned. */
  @Test
  void faultThatACallAnswersNamesItAndWhatItReturned() throws Exception {
    Path file = folder.resolve("f.fscope");
    try (RecordingFile recording =
        RecordingFile.create(file, new TimelineInfo("f", "simulation", 0))) {
      recording.region(
          new Region(0, "ram", 0x1000, Region.NO_GPA, 4, Backing.MEMFD, Region.MINOR, false));
      recording.actor(new Actor(0, ActorKind.THREAD, "t", 1, -1));
      recording.actor(new Actor(1, ActorKind.HANDLER, "h", 2, -1));
      EventDraft draft = new EventDraft();
      int detail = UffdIoctl.CONTINUE.code();
      recording.append(draft.of(EventKind.ENQUEUE, 10).actor(0).pages(0, 1, 1));
      long call =
          recording.append(
              draft.of(EventKind.CALL, 20).actor(1).detail(detail).pages(0, 1, 2).cause(1));
      recording.append(draft.of(EventKind.WAKE, 30).actor(0).pages(0, 1, 1).cause(call));
      recording.append(
          draft
              .of(EventKind.IOCTL, 40)
              .actor(1)
              .detail(detail)
              .errno(11)
              .pages(0, 1, 2)
              .cause(call));
    }
    try (Timeline timeline = RecordingFile.open(file)) {
      FaultRows.Row row = FaultRows.of(timeline, 1, 1).getFirst();
      assertThat(row.resolvedNs()).isEqualTo(30);
      assertThat(row.ioctl()).isEqualTo("CONTINUE");
      assertThat(row.errno()).isEqualTo(11);
    }
  }
}
