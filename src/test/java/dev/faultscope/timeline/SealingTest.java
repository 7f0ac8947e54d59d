package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chunks are written beside the thread that records. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SealingTest {
  private static final int CHUNK = FileFormat.CHUNK_EVENTS;
  private static final int PAGES = 300_000;

  @TempDir Path folder;

  private final EventDraft draft = new EventDraft();

  @Test
  void aChunkOnItsWayToTheFileIsReadLikeAnyOther() throws Exception {
    GatedChannel channel = new GatedChannel(file());
    try (RecordingFile recording = begun(channel);
        Timeline timeline = recording.timeline()) {
      append(recording, CHUNK + CHUNK / 2);
      recording.flush();
      long flushed = timeline.lastSequence();
      channel.shut();
      try {
        append(recording, CHUNK + 100);
        assertThat(timeline.lastSequence()).isEqualTo(flushed + CHUNK + 100);
        checkAll(timeline);
      } finally {
        channel.open();
      }
      append(recording, CHUNK);
      checkAll(timeline);
      recording.complete();
      checkAll(timeline);
    }
    try (Timeline timeline = RecordingFile.open(file())) {
      assertThat(timeline.recovery().partial()).isFalse();
      checkAll(timeline);
    }
  }

  @Test
  void whoRecordsWaitsWhenASecondChunkIsFullBeforeTheFirstIsWritten() throws Exception {
    GatedChannel channel = new GatedChannel(file());
    try (RecordingFile recording = begun(channel);
        Timeline timeline = recording.timeline()) {
      append(recording, CHUNK);
      recording.flush();
      channel.shut();
      AtomicReference<Thread> recorder = new AtomicReference<>();
      CompletableFuture<Void> appended =
          CompletableFuture.runAsync(
              () -> append(recording, 3 * CHUNK),
              task -> {
                Thread thread = Thread.ofPlatform().daemon().unstarted(task);
                recorder.set(thread);
                thread.start();
              });
      try {
        while (recorder.get().getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
        assertThat(timeline.lastSequence()).isEqualTo(3 * CHUNK);
        assertThat(appended).isNotDone();
      } finally {
        channel.open();
      }
      appended.get(30, TimeUnit.SECONDS);
      recording.complete();
      checkAll(timeline);
    }
  }

  @Test
  void aFullDiskIsToldToWhoRecordsAndWhatIsInTheFileStays() throws Exception {
    GatedChannel channel = new GatedChannel(file());
    RecordingFile recording = begun(channel);
    try (Timeline timeline = recording.timeline()) {
      append(recording, CHUNK + 10);
      recording.flush();
      channel.fill();
      assertThatThrownBy(() -> append(recording, 3 * CHUNK))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage("recording cannot be written: No space left on device");
      assertThatThrownBy(() -> append(recording, 1)).isInstanceOf(UncheckedIOException.class);
      assertThatThrownBy(recording::complete).isInstanceOf(UncheckedIOException.class);
      checkAll(timeline);
      recording.close();
    }
    try (Timeline timeline = RecordingFile.open(file())) {
      assertThat(timeline.lastSequence()).isEqualTo(CHUNK + 10);
      checkAll(timeline);
    }
  }

  @Test
  void aFullDiskIsToldAtTheEndAtTheLatest() throws Exception {
    GatedChannel channel = new GatedChannel(file());
    RecordingFile recording = begun(channel);
    try (Timeline timeline = recording.timeline()) {
      channel.fill();
      append(recording, CHUNK + 10);
      assertThatThrownBy(recording::close)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("No space left on device");
      checkAll(timeline);
    }
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aThreadThatIsInterruptedRecordsToTheEnd() throws Exception {
    try (RecordingFile recording = RecordingFile.create(file(), new TimelineInfo("", "", 0));
        Timeline timeline = recording.timeline()) {
      declare(recording);
      Thread.currentThread().interrupt();
      append(recording, 3 * CHUNK + 5);
      recording.flush();
      recording.complete();
      assertThat(Thread.interrupted()).isTrue();
      checkAll(timeline);
    }
    try (Timeline timeline = RecordingFile.open(file())) {
      assertThat(timeline.recovery().partial()).isFalse();
      assertThat(timeline.lastSequence()).isEqualTo(3 * CHUNK + 5);
    }
  }

  private Path file() {
    return folder.resolve("r.fscope");
  }

  private RecordingFile begun(GatedChannel channel) throws IOException {
    RecordingFile recording =
        new RecordingFile(
            file(), channel, new TimelineInfo("", "", 0), Thread.ofPlatform().daemon().factory());
    declare(recording);
    return recording;
  }

  private static void declare(RecordingFile recording) {
    recording.region(new Region(0, "ram", 0, 0, PAGES, Backing.ANON, 0, false));
    recording.actor(new Actor(0, ActorKind.THREAD, "t", 1, -1));
  }

  private void append(RecordingFile recording, int events) {
    for (int i = 0; i < events; i++) {
      long n = recording.lastSequence() + 1;
      draft.of(EventKind.INSTALL, n).actor(0).pages(0, page(n), 1).change(0xffff, state(n));
      if (n % 3 == 0) {
        draft.content((int) (n % 512), 8, (int) (n % 256));
      }
      recording.append(draft);
    }
  }

  private static int page(long n) {
    return (int) (n * 7919 % PAGES);
  }

  private static int state(long n) {
    return (int) (n * 31 & 0x7ff);
  }

  private static void checkAll(Timeline timeline) {
    Cursor cursor = timeline.cursor();
    while (cursor.next()) {
      long n = cursor.position();
      Event event = timeline.event(n);
      assertThat(event.timeNs()).isEqualTo(n);
      assertThat(event.firstPage()).isEqualTo(page(n));
      assertThat(cursor.state(0, page(n))).isEqualTo(state(n));
      assertThat(timeline.contents(n))
          .isEqualTo(
              n % 3 == 0 ? List.of(new Content((int) (n % 512), 8, (int) (n % 256))) : List.of());
    }
    assertThat(cursor.position()).isEqualTo(timeline.lastSequence());
    cursor.seek(timeline.lastSequence() / 2);
    assertThat(cursor.state(0, page(cursor.position()))).isEqualTo(state(cursor.position()));
  }
}
