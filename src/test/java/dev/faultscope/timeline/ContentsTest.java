package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Content;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.testsupport.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What events say of bytes: while a recording grows, and from its file. */
class ContentsTest {
  private static final int PAGES = 4096;

  @TempDir Path folder;

  @Test
  void whatEventsSayOfBytesIsReadBackInEveryChunkAndFromTheFile() {
    Seeds.forEach(
        6,
        seed -> {
          Random random = new Random(seed);
          Path file = folder.resolve("c-" + seed + ".fscope");
          List<List<Content>> said = new ArrayList<>();
          try (RecordingFile recording = create(file)) {
            EventDraft draft = new EventDraft();
            int events = FileFormat.CHUNK_EVENTS + random.nextInt(FileFormat.CHUNK_EVENTS);
            for (int i = 0; i < events; i++) {
              int page = random.nextInt(PAGES);
              draft.of(EventKind.INSTALL, i).actor(0).pages(0, page, 1);
              List<Content> contents = random.nextInt(3) == 0 ? contents(random) : List.of();
              contents.forEach(each -> draft.content(each.offset(), each.length(), each.value()));
              recording.append(draft);
              said.add(contents);
              if (random.nextInt(5000) == 0) {
                recording.flush();
              }
            }
            check(recording.timeline(), said);
            recording.complete();
            recording.timeline().close();
          }
          try (Timeline timeline = RecordingFile.open(file)) {
            check(timeline, said);
            assertThat(timeline.recovery().partial()).isFalse();
          }
        });
  }

  private static List<Content> contents(Random random) {
    List<Content> contents = new ArrayList<>();
    int from = 0;
    for (int i = random.nextInt(Content.MAX_RANGES); i >= 0 && from < Region.PAGE_BYTES; i--) {
      int length = 1 + random.nextInt((int) Region.PAGE_BYTES - from);
      contents.add(new Content(from, length, random.nextInt(257) - 1));
      from += length;
    }
    return contents;
  }

  private static void check(Timeline timeline, List<List<Content>> said) {
    for (int i = 0; i < said.size(); i++) {
      assertThat(timeline.contents(i + 1)).as("event %d", i + 1).isEqualTo(said.get(i));
      if (!said.get(i).isEmpty()) {
        assertThat(timeline.event(i + 1).firstPage()).isBetween(0, PAGES - 1);
      }
    }
  }

  @Test
  void recordingWithoutBytesHasNoChunkForThem() throws IOException {
    Path file = folder.resolve("none.fscope");
    try (RecordingFile recording = create(file)) {
      recording.append(new EventDraft().of(EventKind.INSTALL, 1).pages(0, 1, 1));
      recording.complete();
      assertThat(recording.timeline().contents(1)).isEmpty();
      recording.timeline().close();
    }
    assertThat(moreAt(Files.readAllBytes(file))).isEqualTo(-1);
  }

  @Test
  void bytesBeyondTheirPageAreDamage() throws IOException {
    Path file = folder.resolve("damaged.fscope");
    try (RecordingFile recording = create(file)) {
      recording.append(
          new EventDraft().of(EventKind.INSTALL, 1).pages(0, 1, 1).content(0, 4096, 7));
      recording.complete();
      recording.timeline().close();
    }
    byte[] bytes = Files.readAllBytes(file);
    int at = moreAt(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int payload = at + FileFormat.CHUNK_HEADER_BYTES;
    int length = (int) buffer.getLong(at + 8);
    buffer.putShort(payload + 8, (short) 4000);
    CRC32C crc = new CRC32C();
    crc.update(bytes, payload, length);
    buffer.putInt(at + 32, (int) crc.getValue());
    crc.reset();
    crc.update(bytes, at, 36);
    buffer.putInt(at + 36, (int) crc.getValue());
    Files.write(file, bytes);

    try (Timeline timeline = RecordingFile.open(file)) {
      assertThat(timeline.recovery().partial()).isTrue();
      assertThat(timeline.recovery().reason()).contains("bytes 4000 + 4096 are not of a page");
      assertThat(timeline.lastSequence()).isEqualTo(1);
      assertThat(timeline.contents(1)).isEmpty();
    }
  }

  @Test
  void draftRefusesBytesThatAreNotOfAPage() {
    EventDraft draft = new EventDraft().of(EventKind.INSTALL, 1);
    assertThatThrownBy(() -> draft.content(4000, 97, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> draft.content(0, 1, 256)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> draft.content(-1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static int moreAt(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = FileFormat.FILE_HEADER_BYTES; at + 40 <= bytes.length; at += 8) {
      if (buffer.getInt(at) == FileFormat.CHUNK_MAGIC && buffer.getInt(at + 4) == FileFormat.MORE) {
        return at;
      }
    }
    return -1;
  }

  private static RecordingFile create(Path file) {
    try {
      RecordingFile recording = RecordingFile.create(file, new TimelineInfo("bytes", "test", 0));
      recording.region(new Region(0, "ram", 0x1000, Region.NO_GPA, PAGES, Backing.MEMFD, 0, false));
      recording.actor(new Actor(0, ActorKind.THREAD, "t", 1, -1));
      return recording;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
