package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Errno;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DifferenceTest {
  /** More than is compared at a time. */
  private static final int COMMON = 5000;

  @TempDir Path folder;

  @Test
  void theFirstEventThatDiffersIsFoundWithPagesAndCounts() throws IOException {
    try (RecordingFile left = recording("left");
        RecordingFile right = recording("right")) {
      answer(left, UffdIoctl.COPY, Errno.EEXIST);
      answer(right, UffdIoctl.CONTINUE, Errno.OK);
      map(right, 3);

      Difference difference = Difference.of(left.timeline(), right.timeline());

      assertThat(difference.same()).isEqualTo(COMMON + 1);
      assertThat(difference.complete()).isTrue();
      assertThat(difference.left()).singleElement().extracting(ToldEvent::seq).isEqualTo(5002L);
      assertThat(difference.right()).hasSize(2);
      assertThat(difference.counts())
          .contains(
              new Difference.Count("minor faults", "count", 1, 1, 1.0),
              new Difference.Count("COPY EEXIST", "count", 1, 0, 0.0),
              new Difference.Count("CONTINUE", "count", 0, 1, null),
              new Difference.Count("ioctls", "count", 1, 1, 1.0),
              new Difference.Count("elapsed", "ns", COMMON + 1, COMMON + 2, 5002.0 / 5001),
              new Difference.Count("events", "count", COMMON + 2, COMMON + 3, 5003.0 / 5002));
    }
  }

  @Test
  void oneThatOnlyWentOnDiffersBehindTheOthersEnd() throws IOException {
    try (RecordingFile left = recording("left");
        RecordingFile right = recording("right")) {
      answer(right, UffdIoctl.CONTINUE, Errno.OK);

      Difference difference = Difference.of(left.timeline(), right.timeline());

      assertThat(difference.same()).isEqualTo(COMMON + 1);
      assertThat(difference.left()).isEmpty();
      assertThat(difference.right()).hasSize(1);
    }
  }

  private RecordingFile recording(String name) throws IOException {
    RecordingFile file =
        RecordingFile.create(folder.resolve(name + ".fscope"), new TimelineInfo("f", "test", 0));
    file.region(new Region(0, "ram", 0x1000, Region.NO_GPA, 8, Backing.MEMFD, 0, false));
    file.actor(new Actor(0, ActorKind.THREAD, "t", 1, -1));
    for (int i = 0; i < COMMON; i++) {
      file.append(new EventDraft().of(EventKind.TOUCH, i).pages(0, i % 8, 1).actor(0));
    }
    file.append(
        new EventDraft()
            .of(EventKind.ENQUEUE, COMMON)
            .flags(EventFlags.MINOR)
            .pages(0, 3, 1)
            .actor(0));
    return file;
  }

  private static void answer(RecordingFile file, UffdIoctl ioctl, Errno errno) {
    file.append(
        new EventDraft()
            .of(EventKind.IOCTL, COMMON + 1)
            .detail(ioctl.code())
            .pages(0, 3, 1)
            .actor(0)
            .errno(errno.number()));
  }

  private static void map(RecordingFile file, int page) {
    file.append(
        new EventDraft()
            .of(EventKind.INSTALL, COMMON + 2)
            .pages(0, page, 1)
            .actor(0)
            .change(0, PageState.MAPPED));
  }
}
