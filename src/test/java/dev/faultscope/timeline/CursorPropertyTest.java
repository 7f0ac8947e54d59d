package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Seeds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CursorPropertyTest {
  private static final TimelineInfo INFO = new TimelineInfo("random", "simulation", 7);

  @TempDir Path folder;

  @Test
  void steppingSeekingAndReplayGiveTheSameStatesAndMoments() {
    Seeds.forEach(
        30,
        seed -> {
          Path file = folder.resolve("walk-" + seed + ".fscope");
          try (RecordingFile recording = RecordingFile.create(file, INFO)) {
            RandomRecording expected = new RandomRecording(recording, seed);
            Random random = new Random(seed);
            int rounds = 1 + random.nextInt(5);
            for (int i = 0; i < rounds; i++) {
              expected.append(random.nextInt(400));
              recording.flush();
            }
            walk(recording.timeline(), expected, random);
            recording.complete();
            try (Timeline opened = RecordingFile.open(file);
                Timeline written = recording.timeline()) {
              assertThat(opened.recovery().partial()).isFalse();
              walk(opened, expected, random);
              walk(written, expected, random);
              assertThat(opened.regions()).isEqualTo(written.regions());
              assertThat(opened.actors()).isEqualTo(written.actors());
              assertThat(opened.info()).isEqualTo(INFO);
            }
          }
        });
  }

  @Test
  void seekingFarThroughManyChunksAgreesWithReplay() throws Exception {
    Path file = folder.resolve("long.fscope");
    try (RecordingFile recording = RecordingFile.create(file, INFO)) {
      RandomRecording expected = new RandomRecording(recording, 99);
      expected.append(120_000);
      recording.complete();
      Random random = new Random(3);
      try (Timeline timeline = RecordingFile.open(file)) {
        CheckedCursor cursor = new CheckedCursor(timeline);
        for (int i = 0; i < 40; i++) {
          cursor.seek(random.nextLong(timeline.lastSequence() + 1));
          cursor.check(expected);
        }
      } finally {
        recording.timeline().close();
      }
    }
  }

  private static void walk(Timeline timeline, RandomRecording expected, Random random) {
    assertThat(timeline.lastSequence()).isEqualTo(expected.events.size());
    for (int i = 1; i <= expected.events.size(); i += 1 + random.nextInt(20)) {
      assertThat(timeline.event(i)).isEqualTo(expected.events.get(i - 1));
    }
    CheckedCursor cursor = new CheckedCursor(timeline);
    cursor.check(expected);
    for (int move = 0; move < 30; move++) {
      switch (random.nextInt(4)) {
        case 0 -> cursor.seek(random.nextLong(timeline.lastSequence() + 1));
        case 1 -> cursor.forward(1 + random.nextInt(50));
        case 2 -> cursor.back(1 + random.nextInt(50));
        default -> {
          cursor.forward(20);
          cursor.back(20);
        }
      }
      cursor.check(expected);
    }
  }

  /** A cursor, and what a viewer would see that repaints only what it is told has changed. */
  private static final class CheckedCursor {
    private final Cursor cursor;
    private final int[][] painted;

    CheckedCursor(Timeline timeline) {
      cursor = timeline.cursor();
      painted =
          Arrays.stream(RandomRecording.REGION_PAGES).mapToObj(int[]::new).toArray(int[][]::new);
      for (int region = 0; region < painted.length; region++) {
        Arrays.fill(painted[region], RandomRecording.INITIAL[region]);
      }
      cursor.onChange(
          (region, first, count) -> {
            char[] codes = new char[count];
            cursor.states(region, first, count, codes, 0);
            for (int i = 0; i < count; i++) {
              painted[region][first + i] = timeline.codes().state(region, codes[i]);
            }
          });
    }

    void seek(long moment) {
      cursor.seek(moment);
      assertThat(cursor.position()).isEqualTo(moment);
    }

    void forward(int steps) {
      for (int i = 0; i < steps && cursor.next(); i++) {
        assertThat(cursor.event().sequence()).isEqualTo(cursor.position());
      }
    }

    void back(int steps) {
      for (int i = 0; i < steps && cursor.previous(); i++) {
        cursor.moment();
      }
    }

    void check(RandomRecording expected) {
      int[][] states = expected.statesAt(cursor.position());
      for (int region = 0; region < states.length; region++) {
        assertThat(painted[region]).isEqualTo(states[region]);
      }
      int declared = cursor.moment().actors().size();
      assertThat(cursor.moment())
          .isEqualTo(PlainFold.of(expected.events.subList(0, (int) cursor.position()), declared));
      for (int page = 0; page < 300; page += 7) {
        assertThat(cursor.state(0, page)).isEqualTo(states[0][page]);
        int count = Math.min(5, 300 - page);
        boolean untouched = true;
        for (int i = page; i < page + count; i++) {
          untouched &= states[0][i] == RandomRecording.INITIAL[0];
        }
        assertThat(cursor.isUntouched(0, page, count)).isEqualTo(untouched);
      }
    }
  }
}
