package dev.faultscope.live.handler;

import static dev.faultscope.model.PageState.CACHED;
import static dev.faultscope.model.PageState.ERROR;
import static dev.faultscope.model.PageState.MAPPED;
import static dev.faultscope.model.PageState.POISONED;
import static dev.faultscope.model.PageState.READ;
import static dev.faultscope.model.PageState.UFFD_WP;
import static dev.faultscope.model.PageState.WP_FAULT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.Memfd;
import dev.faultscope.linux.UffdMessage;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.origin.Origins;
import dev.faultscope.live.origin.StackOrigin;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a handler records of its ioctls, told the answers that a kernel gives. */
@Requires(Requirement.UFFD)
class LiveJournalTest {
  private static final int PAGES = 8;
  private static final long BYTES = PAGES * 4096L;

  @TempDir Path folder;

  private Path file;
  private RecordingFile recording;
  private Memfd memory;
  private Mapping mapping;
  private Peer peer;
  private LiveJournal journal;

  @BeforeEach
  void openAPeer() throws Exception {
    file = folder.resolve("live.fscope");
    recording = RecordingFile.create(file, new TimelineInfo("live", "live", 0));
    memory = Memfd.create("ram", BYTES);
    mapping = Mapping.shared(memory.fd(), 0, BYTES);
    Userfaultfd uffd = Userfaultfd.open();
    uffd.api(0);
    uffd.register(mapping.address(), BYTES, Userfaultfd.MISSING | Userfaultfd.WP);
    GuestRegion region = new GuestRegion(mapping.address(), BYTES, 0, 4096, -1, false);
    peer = Peer.own((int) ProcessHandle.current().pid(), uffd, List.of(region));
    journal = new LiveJournal(recording, System.nanoTime(), peer);
  }

  @AfterEach
  void closeIt() throws Exception {
    peer.close();
    mapping.close();
    memory.close();
    recording.close();
  }

  private WaitingFault fault(int page, int flags) {
    UffdMessage.Pagefault message =
        new UffdMessage.Pagefault(mapping.address() + page * 4096L, flags, 7);
    return journal.fault(
        message, 0, journal.now(), new Origins.Access(StackOrigin.UNKNOWN, 7, Long.MIN_VALUE));
  }

  private int ioctl(UffdIoctl ioctl, long mode, int page, int pages, UffdResult result) {
    long now = journal.now();
    return journal.ioctl(ioctl, mode, 0, page, pages, result, 0, now, now);
  }

  private int state(int page) {
    return recording.stateOf(0, page);
  }

  @Test
  void protectingIsNotRecordedAsUnprotecting() {
    ioctl(UffdIoctl.COPY, 0, 0, 2, new UffdResult(0, 2 * 4096));
    ioctl(UffdIoctl.WRITEPROTECT, 1, 0, 2, new UffdResult(0, 0));
    assertThat(state(1)).isEqualTo(MAPPED | CACHED | UFFD_WP);

    WaitingFault writer = fault(1, 3);
    // Whoever protects what is protected wakes nobody.
    ioctl(UffdIoctl.WRITEPROTECT, 1, 0, 2, new UffdResult(0, 0));
    assertThat(journal.isWaiting(writer)).isTrue();
    ioctl(UffdIoctl.WRITEPROTECT, 0, 1, 1, new UffdResult(0, 0));
    assertThat(journal.isWaiting(writer)).isFalse();
    assertThat(state(0)).isEqualTo(MAPPED | CACHED | UFFD_WP);
    assertThat(state(1)).isEqualTo(MAPPED | CACHED);
  }

  @Test
  void dontWakeLeavesTheThreadAsleepUntilTheWake() {
    WaitingFault missing = fault(2, 1);
    ioctl(UffdIoctl.COPY, 1, 2, 1, new UffdResult(0, 4096));
    assertThat(journal.isWaiting(missing)).isTrue();
    assertThat(state(2)).isEqualTo(MAPPED | CACHED | READ);
    ioctl(UffdIoctl.WAKE, 0, 2, 1, new UffdResult(0, 0));
    assertThat(journal.isWaiting(missing)).isFalse();
    assertThat(state(2)).isEqualTo(MAPPED | CACHED);

    ioctl(UffdIoctl.WRITEPROTECT, 1, 2, 1, new UffdResult(0, 0));
    fault(2, 3);
    ioctl(UffdIoctl.WRITEPROTECT, 2, 2, 1, new UffdResult(0, 0));
    assertThat(state(2)).isEqualTo(MAPPED | CACHED | READ | WP_FAULT);
  }

  @Test
  void halfACallWakesWhoWaitsForThatHalf() {
    WaitingFault first = fault(3, 0);
    WaitingFault second = fault(4, 0);
    assertThat(ioctl(UffdIoctl.ZEROPAGE, 0, 3, 2, new UffdResult(Errno.EAGAIN, 4096))).isEqualTo(1);
    assertThat(journal.isWaiting(first)).isFalse();
    assertThat(journal.isWaiting(second)).isTrue();
    assertThat(state(4)).isEqualTo(READ | ERROR);
  }

  @Test
  void refusedArgumentsMarkNoPage() {
    fault(5, 0);
    ioctl(UffdIoctl.COPY, 64, 5, 1, new UffdResult(Errno.EINVAL, 0));
    assertThat(state(5)).isEqualTo(READ);
    ioctl(UffdIoctl.COPY, 0, 5, 1, new UffdResult(Errno.EEXIST, -Errno.EEXIST));
    assertThat(state(5)).isEqualTo(READ | ERROR);
    ioctl(UffdIoctl.WAKE, 0, 5, 1, new UffdResult(0, 0));
    assertThat(state(5)).isZero();
  }

  @Test
  void unregisterWakesWhereMissingWasRegisteredAndTakesTheProtectionOff() {
    ioctl(UffdIoctl.COPY, 2, 6, 1, new UffdResult(0, 4096));
    assertThat(state(6)).isEqualTo(MAPPED | CACHED | UFFD_WP);
    WaitingFault missing = fault(7, 0);
    ioctl(UffdIoctl.UNREGISTER, 0, 6, 2, new UffdResult(0, 0));
    assertThat(journal.isWaiting(missing)).isFalse();
    assertThat(state(6)).isEqualTo(MAPPED | CACHED);
    assertThat(state(7)).isZero();
  }

  @Test
  void poisonLeavesThePageInTheCache() {
    ioctl(UffdIoctl.COPY, 0, 0, 1, new UffdResult(0, 4096));
    // The page table entry went with an madvise(2) that nobody tells a handler of.
    ioctl(UffdIoctl.POISON, 0, 0, 1, new UffdResult(0, 4096));
    assertThat(state(0)).isEqualTo(CACHED | POISONED);
  }

  @Test
  void whatACallDidLiesBetweenItsEntryAndItsReturn() throws Exception {
    fault(0, 0);
    ioctl(UffdIoctl.COPY, 0, 0, 2, new UffdResult(Errno.EAGAIN, 4096));
    recording.close();
    List<Event> events = new ArrayList<>();
    try (Timeline timeline = RecordingFile.open(file);
        Cursor cursor = timeline.cursor()) {
      while (cursor.next()) {
        events.add(timeline.event(cursor.position()));
      }
    }
    // Call and return are two records each: the two pages differ.
    List<Event> call = events.subList(events.size() - 7, events.size());
    assertThat(call)
        .extracting(Event::kind)
        .containsExactly(
            EventKind.CALL,
            EventKind.CALL,
            EventKind.INSTALL,
            EventKind.WAKE,
            EventKind.INSTALL,
            EventKind.IOCTL,
            EventKind.IOCTL);
    assertThat(call.subList(2, 7)).allMatch(event -> event.cause() == call.getFirst().sequence());
  }
}
