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
    try (RecordingFile left = recording("left", 8);
        RecordingFile right = recording("right", 8)) {
      answer(left, UffdIoctl.COPY, Errno.EEXIST);
      answer(right, UffdIoctl.CONTINUE, Errno.OK);
      map(right, 3);

      Difference difference = Difference.of(left.timeline(), right.timeline());

      assertThat(difference.same()).isEqualTo(COMMON + 1);
      assertThat(difference.complete()).isTrue();
      assertThat(difference.left()).singleElement().extracting(ToldEvent::seq).isEqualTo(5002L);
      assertThat(difference.right()).hasSize(2);
      assertThat(difference.comparable()).isTrue();
      assertThat(difference.differing()).isOne();
      Difference.Page page = difference.pages().getFirst();
      assertThat(page.page()).isEqualTo(3);
      assertThat(page.leftFacts()).isEmpty();
      assertThat(page.rightFacts()).isNotEmpty();
      assertThat(difference.counts())
          .contains(
              new Difference.Count("minor faults", 1, 1),
              new Difference.Count("COPY EEXIST", 1, 0),
              new Difference.Count("CONTINUE", 0, 1),
              new Difference.Count("events", COMMON + 2, COMMON + 3));
    }
  }

  @Test
  void oneThatOnlyWentOnDiffersBehindTheOthersEnd() throws IOException {
    try (RecordingFile left = recording("left", 8);
        RecordingFile right = recording("right", 8)) {
      answer(right, UffdIoctl.CONTINUE, Errno.OK);

      Difference difference = Difference.of(left.timeline(), right.timeline());

      assertThat(difference.same()).isEqualTo(COMMON + 1);
      assertThat(difference.left()).isEmpty();
      assertThat(difference.right()).hasSize(1);
      assertThat(difference.differing()).isZero();
    }
  }

  @Test
  void pagesOfDifferentMemoryAreNotCompared() throws IOException {
    try (RecordingFile left = recording("left", 8);
        RecordingFile right = recording("right", 16)) {
      map(right, 3);
      Difference difference = Difference.of(left.timeline(), right.timeline());

      assertThat(difference.comparable()).isFalse();
      assertThat(difference.pages()).isEmpty();
    }
  }

  private RecordingFile recording(String name, int pages) throws IOException {
    RecordingFile file =
        RecordingFile.create(folder.resolve(name + ".fscope"), new TimelineInfo("f", "test", 0));
    file.region(new Region(0, "ram", 0x1000, Region.NO_GPA, pages, Backing.MEMFD, 0, false));
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
