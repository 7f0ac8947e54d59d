package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.faultscope.session.RecordedSessions;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.query.Query;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page that is watched. */
class PageChangesTest {
  private static final int PAGE = 4;

  @TempDir Path dir;
  private Timeline timeline;

  @BeforeEach
  void record() throws IOException {
    timeline = RecordedSessions.faults(dir.resolve("r.fscope"), 5, 300, 20).timeline();
  }

  @AfterEach
  void close() {
    timeline.close();
  }

  @Test
  void everyChangeIsToldWithItsCause() {
    PageChanges changes = PageChanges.of(timeline, 0, PAGE, 1, PageChanges.MAX_CHANGES);
    assertThat(changes.complete()).isTrue();
    assertThat(changes.changes()).isNotEmpty();
    for (PageChanges.Change change : changes.changes()) {
      assertThat(change.event().page()).isEqualTo(PAGE);
      assertThat(change.event().before()).isNotEqualTo(change.event().after());
      if (change.cause() != null) {
        assertThat(change.cause().seq()).isEqualTo(change.event().cause());
        assertThat(change.cause().text()).isNotEmpty();
      }
    }
    assertThat(changes.changes()).anyMatch(change -> change.cause() != null);
    assertThat(sequences(changes)).isEqualTo(whereChangedIsYes());
  }

  @Test
  void betweenTwoChangesThePageIsAsItWas() {
    List<Long> told = sequences(PageChanges.of(timeline, 0, PAGE, 1, PageChanges.MAX_CHANGES));
    List<Long> seen = new ArrayList<>();
    try (Cursor cursor = timeline.cursor()) {
      int state = cursor.state(0, PAGE);
      for (long seq = 1; seq <= timeline.lastSequence(); seq++) {
        cursor.next();
        if (cursor.state(0, PAGE) != state) {
          state = cursor.state(0, PAGE);
          seen.add(seq);
        }
      }
    }
    assertThat(told).containsAll(seen);
  }

  @Test
  void aListThatIsCutGoesOnWhereItWasCut() {
    List<Long> all = new ArrayList<>();
    long from = 1;
    PageChanges some;
    do {
      some = PageChanges.of(timeline, 0, PAGE, from, 3);
      assertThat(some.changes()).hasSizeLessThanOrEqualTo(3);
      all.addAll(sequences(some));
      from = some.next();
    } while (!some.complete());
    assertThat(all).isEqualTo(whereChangedIsYes());
  }

  @Test
  void aPageThatIsNotThereIsRefused() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> PageChanges.of(timeline, 0, 20, 1, 1))
        .withMessageContaining("no page 20");
  }

  private List<Long> whereChangedIsYes() {
    return timeline
        .search()
        .find(
            Query.parse("region = guest-ram and page = " + PAGE + " and changed = yes")
                .on(timeline),
            1,
            Search.Direction.FORWARD,
            1000,
            Search.SCAN_LIMIT)
        .hits();
  }

  private static List<Long> sequences(PageChanges changes) {
    return changes.changes().stream().map(change -> change.event().seq()).toList();
  }
}
