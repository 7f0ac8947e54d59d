package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruncationTest {
  @TempDir Path folder;

  @Test
  void aFileCutAtAnyByteYieldsAPrefixAndSaysSo() throws Exception {
    Path whole = folder.resolve("whole.fscope");
    RandomRecording expected = SmallRecording.write(whole, 11);
    byte[] bytes = Files.readAllBytes(whole);
    byte[] records = records(whole, expected.events.size());
    Path cut = folder.resolve("cut.fscope");
    long before = 0;
    for (int length = 0; length < bytes.length; length++) {
      Files.write(cut, Arrays.copyOf(bytes, length));
      try (Timeline timeline = RecordingFile.open(cut)) {
        long last = timeline.lastSequence();
        assertThat(last).as("cut at %d", length).isBetween(before, (long) expected.events.size());
        assertThat(timeline.recovery().partial()).as("cut at %d", length).isTrue();
        assertThat(timeline.recovery().reason()).isNotEmpty();
        assertThat(timeline.recovery().offset() + timeline.recovery().lostBytes())
            .isEqualTo(length);
        if (last != before || length % 401 == 0) {
          byte[] read = new byte[(int) last * 32];
          timeline.copyRecords(1, (int) last, read, 0);
          assertThat(read).isEqualTo(Arrays.copyOf(records, read.length));
          checkStates(timeline, expected);
        }
        before = last;
      }
    }
    assertThat(before).isEqualTo(expected.events.size());
  }

  @Test
  void aFileCutWithinItsOnlyChunkYieldsTheEventsThatAreThere() throws Exception {
    Path whole = folder.resolve("whole.fscope");
    int events;
    try (RecordingFile recording =
            RecordingFile.create(whole, new TimelineInfo("small", "simulation", 0));
        Timeline timeline = recording.timeline()) {
      RandomRecording written = new RandomRecording(recording, 11);
      written.append(1000);
      recording.complete();
      events = written.events.size();
    }
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = folder.resolve("cut.fscope");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));

    try (Timeline timeline = RecordingFile.open(cut)) {
      long last = timeline.lastSequence();
      Recovery lost = timeline.recovery();
      assertThat(last).isBetween(events / 4L, events - 1L);
      assertThat(lost.lostBytes()).isLessThan(32);
      assertThat(lost.inWords("cut.fscope", last, timeline.endNs()))
          .isEqualTo(
              "cut.fscope is not whole: the file was cut within a chunk, at byte %d. Its first %d events, up to %.6f s, are here; whatever came after is lost."
                  .formatted(lost.offset(), last, timeline.endNs() / 1e9));
    }
  }

  private static void checkStates(Timeline timeline, RandomRecording expected) {
    Cursor cursor = timeline.cursor();
    cursor.seek(timeline.lastSequence());
    int[][] states = expected.statesAt(timeline.lastSequence());
    for (int region = 0; region < timeline.regions().size(); region++) {
      char[] read = new char[states[region].length];
      cursor.states(region, 0, read.length, read, 0);
      for (int page = 0; page < read.length; page++) {
        assertThat(timeline.codes().state(region, read[page])).isEqualTo(states[region][page]);
      }
    }
    assertThat(cursor.moment())
        .isEqualTo(
            PlainFold.of(
                expected.events.subList(0, (int) timeline.lastSequence()),
                timeline.actors().size()));
  }

  private static byte[] records(Path file, int count) throws IOException {
    try (Timeline timeline = RecordingFile.open(file)) {
      assertThat(timeline.recovery().partial()).isFalse();
      byte[] records = new byte[count * 32];
      timeline.copyRecords(1, count, records, 0);
      return records;
    }
  }
}
