package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.Search.Direction;
import dev.faultscope.timeline.query.Query;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
  @TempDir Path folder;

  @Test
  void somethingElseIsRefusedWithTheByteAndARemedy() throws Exception {
    Path file = folder.resolve("trace.txt");
    Files.write(file, "# tracer: nop\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> RecordingFile.open(file))
        .isInstanceOfSatisfying(
            TimelineException.class,
            e -> {
              assertThat(e.file()).isEqualTo(file);
              assertThat(e.offset()).isZero();
              assertThat(e.reason()).contains("not a Faultscope recording").contains("import");
            });
  }

  @Test
  void aNewerVersionIsRefused() throws Exception {
    Path file = folder.resolve("newer.fscope");
    SmallRecording.write(file, 1);
    byte[] bytes = Files.readAllBytes(file);
    bytes[8] = 3;
    Files.write(file, bytes);
    assertThatThrownBy(() -> RecordingFile.open(file))
        .isInstanceOf(TimelineException.class)
        .hasMessageContaining("byte 8")
        .hasMessageContaining("version 3");
  }

  @Test
  void aFeatureThatIsNotKnownIsRefusedByItsNumber() throws Exception {
    Path file = folder.resolve("feature.fscope");
    SmallRecording.write(file, 1);
    byte[] bytes = Files.readAllBytes(file);
    bytes[13] = 4;
    Files.write(file, bytes);
    assertThatThrownBy(() -> RecordingFile.open(file))
        .isInstanceOf(TimelineException.class)
        .hasMessageContaining("byte 12")
        .hasMessageContaining("0x400");
  }

  @Test
  void aDamagedMiddleIsReadUpToAndSaid() throws Exception {
    Path file = folder.resolve("damaged.fscope");
    RandomRecording expected = SmallRecording.write(file, 2);
    byte[] bytes = Files.readAllBytes(file);
    List<Integer> chunks = chunks(bytes);
    int third = eventChunk(bytes, chunks, 2);
    bytes[third + FileFormat.CHUNK_HEADER_BYTES + 5] ^= 1;
    Files.write(file, bytes);
    try (Timeline timeline = RecordingFile.open(file)) {
      long readable = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(third + 16) - 1;
      assertThat(timeline.lastSequence()).isEqualTo(readable);
      assertThat(timeline.event(readable)).isEqualTo(expected.events.get((int) readable - 1));
      assertThat(timeline.recovery().partial()).isTrue();
      assertThat(timeline.recovery().offset()).isEqualTo(third);
      assertThat(timeline.recovery().lostBytes()).isEqualTo(bytes.length - third);
      assertThat(timeline.recovery().reason()).contains("checksum");
    }
  }

  @Test
  void anUnfinishedRecordingSaysSo() throws Exception {
    Path file = folder.resolve("unfinished.fscope");
    try (RecordingFile recording = RecordingFile.create(file, new TimelineInfo("", "", 0));
        Timeline timeline = recording.timeline()) {
      RandomRecording written = new RandomRecording(recording, 4);
      written.append(20);
      recording.flush();
      written.append(20);
      Path copy = folder.resolve("crashed.fscope");
      Files.copy(file, copy);
      try (Timeline crashed = RecordingFile.open(copy)) {
        assertThat(crashed.lastSequence()).isBetween(20L, timeline.lastSequence() - 20);
        assertThat(crashed.recovery().partial()).isTrue();
        assertThat(crashed.recovery().reason()).contains("not completed");
      }
    }
    try (Timeline closed = RecordingFile.open(file)) {
      assertThat(closed.recovery().partial()).isTrue();
      assertThat(closed.recovery().lostBytes()).isZero();
    }
  }

  @Test
  void randomDamageNeitherCrashesNorHangs() throws Exception {
    damage(false);
  }

  @Test
  void damageUnderRightChecksumsNeitherCrashesNorHangs() throws Exception {
    damage(true);
  }

  private void damage(boolean sealAgain) throws Exception {
    Path whole = folder.resolve("whole.fscope");
    SmallRecording.write(whole, 3);
    byte[] original = Files.readAllBytes(whole);
    List<Integer> chunks = chunks(original);
    Seeds.forEach(
        1500,
        seed -> {
          Random random = new Random(seed);
          byte[] bytes = original.clone();
          int changes = 1 + random.nextInt(4);
          for (int i = 0; i < changes; i++) {
            int at = 16 + random.nextInt(bytes.length - 16);
            switch (random.nextInt(3)) {
              case 0 -> bytes[at] = (byte) random.nextInt(256);
              case 1 -> bytes[at] = (byte) 0xff;
              default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            }
          }
          if (sealAgain) {
            seal(bytes, chunks);
          }
          Path file = folder.resolve("damaged-" + sealAgain + ".fscope");
          Files.write(file, bytes);
          Assertions.assertTimeout(Duration.ofSeconds(20), () -> readAll(file, random));
        });
  }

  /** Uses all of a timeline; only the documented exception may come out. */
  private static void readAll(Path file, Random random) throws Exception {
    try (Timeline timeline = RecordingFile.open(file)) {
      Cursor cursor = timeline.cursor();
      for (int i = 0; i < 6; i++) {
        cursor.seek(random.nextLong(timeline.lastSequence() + 1));
        cursor.moment();
        cursor.previous();
      }
      while (cursor.next()) {
        cursor.event();
      }
      EventPredicate slow = Query.parse("queue > 100 or latency > 1s or errno = 200").on(timeline);
      timeline.search().find(slow, 1, Direction.FORWARD, 10, 1_000_000);
      EventPredicate page = Query.parse("page = 3 and kind = wake").on(timeline);
      timeline.search().find(page, Long.MAX_VALUE, Direction.BACKWARD, 10, 1_000_000);
    } catch (TimelineException e) {
      assertThat(e.reason()).isNotEmpty();
    }
  }

  private static List<Integer> chunks(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> chunks = new ArrayList<>();
    int at = FileFormat.FILE_HEADER_BYTES;
    while (at < bytes.length) {
      chunks.add(at);
      long end = at + FileFormat.CHUNK_HEADER_BYTES + buffer.getLong(at + 8);
      at = (int) FileFormat.aligned(end);
    }
    return chunks;
  }

  private static int eventChunk(byte[] bytes, List<Integer> chunks, int number) {
    return chunks.stream().filter(at -> bytes[at + 4] == FileFormat.EVENTS).toList().get(number);
  }

  /** Makes every checksum right again, as an attacker would. */
  private static void seal(byte[] bytes, List<Integer> chunks) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at : chunks) {
      long length = buffer.getLong(at + 8);
      int payload = at + FileFormat.CHUNK_HEADER_BYTES;
      if (length >= 0 && length <= bytes.length - payload) {
        buffer.putInt(at + 32, crc(bytes, payload, (int) length));
      }
      buffer.putInt(at + 36, crc(bytes, at, 36));
    }
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
