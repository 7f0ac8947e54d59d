package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BookmarksOfRecordingTest {
  @TempDir private Path dir;

  private RecordingFile recording() throws IOException {
    return RecordingFile.create(dir.resolve("r.fscope"), new TimelineInfo("noted", "test", 0));
  }

  private Timeline opened() throws IOException {
    return RecordingFile.open(dir.resolve("r.fscope"));
  }

  @Test
  void bookmarksReadBackUnderNumbersOfTheirOwn() throws IOException {
    try (RecordingFile recording = recording()) {
      recording.bookmark(new Bookmark(7, 1, Event.NONE, 0, "<b>ü🧭</b>"));
      recording.append(new EventDraft().of(EventKind.NOTE, 5));
      // Also one that comes after the events, about pages that only others know of.
      recording.bookmark(new Bookmark(7, 9, 4094, Integer.MAX_VALUE, "x".repeat(500)));
      recording.complete();
      recording.timeline().close();
    }
    try (Timeline timeline = opened()) {
      assertThat(timeline.bookmarks())
          .containsExactly(
              new Bookmark(1, 1, Event.NONE, 0, "<b>ü🧭</b>"),
              new Bookmark(2, 9, 4094, Integer.MAX_VALUE, "x".repeat(500)));
      assertThat(timeline.recovery().partial()).isFalse();
    }
  }

  @Test
  void moreThanTwoHundredAreNotKept() throws IOException {
    try (RecordingFile recording = recording()) {
      for (int i = 0; i < 300; i++) {
        recording.bookmark(new Bookmark(1, i, Event.NONE, 0, ""));
      }
      recording.complete();
      recording.timeline().close();
    }
    try (Timeline timeline = opened()) {
      List<Bookmark> kept = timeline.bookmarks();
      assertThat(kept).hasSize(200);
      assertThat(kept.getLast().sequence()).isEqualTo(199);
    }
  }
}
