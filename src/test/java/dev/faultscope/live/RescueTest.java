package dev.faultscope.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.linux.OpenUserfaultfd;
import dev.faultscope.linux.Processes;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.LiveHandler;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.NoRecorder;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.testsupport.Conditions;
import dev.faultscope.testsupport.Hostage;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes whose handler was killed are served from here by their own userfaultfd. */
@Requires(Requirement.UFFD)
@Timeout(60)
class RescueTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "blocking"})
  void whoSleptWhenTheHandlerDiedGetsItsPagesFromTheFile(String mode) throws Exception {
    Path memory = directory.resolve("memory");
    Files.write(memory, content(64));
    Path recorded = directory.resolve("rescue.fscope");
    try (Hostage hostage = hostage("anon", mode)) {
      killHandlerAfterOnePage(hostage);
      // One message is read, and lost with its reader; one is not read.
      hostage.tell("touch 3");
      awaitPending(hostage, 1);
      hostage.tell("read");
      hostage.expect("message 3");
      hostage.tell("touch 5");
      awaitPending(hostage, 1);
      try (GuestMemoryFile file = GuestMemoryFile.open(memory);
          Peer peer = Rescue.take(hostage.pid(), hostage.fd(), file, false);
          RecordingFile recording =
              RecordingFile.create(recorded, new TimelineInfo("t", "rescue", 0));
          LiveHandler handler =
              new LiveHandler(
                  peer, file, HandlerPolicy.parse("on-demand"), LiveOptions.DEFAULT, recording)) {
        FutureTask<LiveSummary> run = start(handler);
        assertThat(List.of(hostage.expect("page"), hostage.expect("page")))
            .containsExactlyInAnyOrder("page 3 103", "page 5 105");
        hostage.tell("touch 9");
        hostage.expect("page 9 109");
        handler.stop();
        assertThat(run.get(20, TimeUnit.SECONDS).faults()).isGreaterThanOrEqualTo(3);
        recording.complete();
      }
      // Left filled and unregistered: it needs no handler any more, and keeps what it had.
      hostage.tell("touch 63");
      hostage.expect("page 63 163");
      hostage.tell("touch 1");
      hostage.expect("page 1 1");
    }
    try (Timeline timeline = RecordingFile.open(recorded)) {
      List<Integer> installed = new ArrayList<>();
      for (long sequence = 1; sequence <= timeline.lastSequence(); sequence++) {
        Event event = timeline.event(sequence);
        if (event.kind() == EventKind.INSTALL && event.pageCount() == 1) {
          installed.add(event.firstPage());
        }
      }
      assertThat(installed).contains(3, 5, 9);
    }
  }

  @Test
  void minorFaultsAreContinuedWithoutAnyFile() throws Exception {
    try (Hostage hostage = hostage("memfd", "")) {
      killHandlerAfterOnePage(hostage);
      hostage.tell("touch 7");
      awaitPending(hostage, 1);
      try (Peer peer = Rescue.take(hostage.pid(), Rescue.onlyOne(hostage.pid()), null, false);
          LiveHandler handler =
              new LiveHandler(
                  peer,
                  null,
                  HandlerPolicy.parse("batch:8"),
                  LiveOptions.DEFAULT,
                  new NoRecorder())) {
        FutureTask<LiveSummary> run = start(handler);
        hostage.expect("page 7 7");
        hostage.kill();
        assertThat(run.get(20, TimeUnit.SECONDS).end()).isEqualTo("the peer left");
      }
    }
  }

  @Test
  void missingMemoryIsNotFilledByGuess() throws Exception {
    try (Hostage hostage = hostage("anon", "")) {
      assertThatThrownBy(() -> Rescue.take(hostage.pid(), hostage.fd(), null, false).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("%d bytes are registered MISSING".formatted(64 * 4096))
          .hasMessageContaining("ask for zeros");
      hostage.tell("touch 2");
      awaitPending(hostage, 1);
      try (Peer peer = Rescue.take(hostage.pid(), hostage.fd(), null, true);
          LiveHandler handler =
              new LiveHandler(
                  peer,
                  null,
                  HandlerPolicy.parse("on-demand"),
                  LiveOptions.DEFAULT,
                  new NoRecorder())) {
        FutureTask<LiveSummary> run = start(handler);
        hostage.expect("page 2 0");
        handler.stop();
        run.get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void fileTooSmallForTheMemoryIsRefusedAndNothingIsTaken() throws Exception {
    Path memory = directory.resolve("short");
    Files.write(memory, content(8));
    try (Hostage hostage = hostage("anon", "");
        GuestMemoryFile file = GuestMemoryFile.open(memory)) {
      hostage.tell("touch 2");
      awaitPending(hostage, 1);
      assertThatThrownBy(() -> Rescue.take(hostage.pid(), hostage.fd(), file, false).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("of the memory file, which has 32768");
      assertThat(OpenUserfaultfd.of(hostage.pid()).getFirst().pending()).isEqualTo(1);
    }
  }

  @Test
  void processesAndDescriptorsThatCannotBeRescuedAreRefusedWithTheReason() throws Exception {
    int own = Processes.currentProcessId();
    assertThatThrownBy(() -> Rescue.take(own, 0, null, true).close())
        .hasMessageContaining("descriptor 0 of process %d is no userfaultfd".formatted(own));
    assertThatThrownBy(() -> Rescue.onlyOne(own)).hasMessageContaining("no userfaultfd open");
    assertThatThrownBy(() -> Rescue.onlyOne(Integer.MAX_VALUE))
        .hasMessage("there is no process " + Integer.MAX_VALUE);
    try (Hostage hostage = hostage("anon", "")) {
      assertThatThrownBy(() -> Rescue.take(hostage.pid(), 0, null, true).close())
          .hasMessageEndingWith("those it has are " + hostage.fd());
    }
  }

  private static Hostage hostage(String kind, String mode) throws Exception {
    return mode.isEmpty() ? new Hostage(kind, "64") : new Hostage(kind, "64", mode);
  }

  /** Lets a handler in another process answer a fault, and kills it. */
  private static void killHandlerAfterOnePage(Hostage hostage) throws Exception {
    hostage.tell("handler");
    long pid = Long.parseLong(hostage.expect("handler").substring("handler ".length()));
    hostage.tell("touch 1");
    hostage.expect("page 1 1");
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).contains(true);
    // Dead is enough: its parent does not wait for it.
    Conditions.await("it is dead", () -> isDead(pid));
  }

  private static boolean isDead(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (IOException gone) {
      return true;
    }
  }

  private static void awaitPending(Hostage hostage, long pending) throws Exception {
    Conditions.await(
        pending + " unread",
        () -> {
          try {
            return OpenUserfaultfd.of(hostage.pid()).getFirst().pending() == pending;
          } catch (IOException failure) {
            throw new AssertionError(failure);
          }
        });
  }

  private static FutureTask<LiveSummary> start(LiveHandler handler) {
    FutureTask<LiveSummary> run = new FutureTask<>(handler::run);
    Thread.ofPlatform().daemon().name("rescue").start(run);
    return run;
  }

  /** Pages of bytes that are the page's number and 100. */
  private static byte[] content(int pages) {
    byte[] bytes = new byte[pages * 4096];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i / 4096 + 100);
    }
    return bytes;
  }
}
