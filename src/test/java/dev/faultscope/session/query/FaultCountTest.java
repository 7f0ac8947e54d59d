package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultCountTest {
  @TempDir Path folder;

  @Test
  void faultsAreThoseReadAndThoseStillWaitingAsInTheStatistics() throws IOException {
    try (RecordingFile file =
        RecordingFile.create(folder.resolve("f.fscope"), new TimelineInfo("f", "test", 0))) {
      file.region(new Region(0, "ram", 0x1000, Region.NO_GPA, 8, Backing.ANON, 0, false));
      for (int i = 0; i < 4; i++) {
        file.actor(new Actor(i, ActorKind.THREAD, "t" + i, i, -1));
      }
      EventDraft draft = new EventDraft();
      long first = file.append(draft.of(EventKind.ENQUEUE, 1).pages(0, 1, 1).actor(0));
      file.append(draft.of(EventKind.ENQUEUE, 2).pages(0, 1, 1).actor(1));
      file.append(draft.of(EventKind.READ, 3).pages(0, 1, 1).actor(3).cause(first));
      file.append(draft.of(EventKind.WAKE, 4).pages(0, 1, 1).actor(0));
      // Its message vanished unread: the page was answered for the other thread.
      file.append(draft.of(EventKind.WAKE, 4).pages(0, 1, 1).actor(1));
      file.append(draft.of(EventKind.ENQUEUE, 5).pages(0, 2, 1).actor(2));

      assertThat(FaultCount.of(file.timeline())).isEqualTo(2);
      assertThat(Statistics.of(file.timeline()).faults()).isEqualTo(2);
      file.timeline().close();
    }
  }
}
