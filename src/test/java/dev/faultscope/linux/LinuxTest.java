package dev.faultscope.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** System calls that any user of any Linux may make. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class LinuxTest {
  private static final long PAGE = 4096;

  @TempDir Path directory;

  @Test
  void systemCallsCanBeMadeHere() {
    assertThat(Linux.whyUnavailable()).isEmpty();
    assertThat(Processes.currentProcessId()).isEqualTo((int) ProcessHandle.current().pid());
  }

  @Test
  void failureSaysWhatWasAskedAndWhatTheKernelSaid() {
    assertThatThrownBy(() -> Fd.openRead(Path.of("/nonexistent/file")))
        .isInstanceOfSatisfying(
            LinuxException.class,
            failure -> {
              assertThat(failure.errno()).isEqualTo(Errno.ENOENT);
              assertThat(failure).hasMessage("open: ENOENT (/nonexistent/file)");
            });
    assertThatThrownBy(() -> Mapping.anonymous(0))
        .isInstanceOfSatisfying(
            LinuxException.class, failure -> assertThat(failure.errno()).isEqualTo(Errno.EINVAL));
  }

  @Test
  void closedDescriptorIsNotUsedAgain() throws Exception {
    Fd fd = Fd.openRead(Path.of("/dev/null"));
    fd.close();
    fd.close();
    assertThatThrownBy(fd::number).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void twoViewsOfAMemfdShowTheSameBytesAndAHoleReadsZero() throws Exception {
    try (Memfd file = Memfd.create("test", 4 * PAGE);
        Mapping one = file.map();
        GuestMemory other = file.mapAsGuest()) {
      one.putLong(PAGE, 42);
      assertThat(other.readLong(PAGE)).isEqualTo(42);
      other.writeLong(PAGE + 8, 43);
      assertThat(one.getLong(PAGE + 8)).isEqualTo(43);
      assertThat(other.equal(0, one, 0, 4 * PAGE)).isTrue();
      file.fd().punchHole(PAGE, PAGE);
      assertThat(one.isZero(PAGE, 4096)).isTrue();
    }
  }

  @Test
  void memoryIsNotReachedOutsideItsBoundsOrAfterItsEnd() throws Exception {
    Mapping mapping = Mapping.anonymous(PAGE);
    assertThatThrownBy(() -> mapping.getLong(PAGE - 7))
        .isInstanceOf(IndexOutOfBoundsException.class);
    mapping.close();
    mapping.close();
    assertThatThrownBy(() -> mapping.getLong(0)).isInstanceOf(IllegalStateException.class);
    GuestMemory memory = GuestMemory.anonymous(PAGE);
    assertThatThrownBy(() -> memory.readLong(PAGE - 7))
        .isInstanceOf(IndexOutOfBoundsException.class);
    memory.close();
    assertThatThrownBy(() -> memory.readLong(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void socketCarriesBytesDescriptorsAndCredentials() throws Exception {
    Path path = directory.resolve("s");
    try (UnixListener listener = UnixListener.bind(path);
        UnixSocket client = UnixSocket.connect(path);
        UnixSocket server = listener.accept(10_000);
        Memfd file = Memfd.create("sent", PAGE);
        Mapping view = file.map()) {
      view.putLong(0, 99);
      client.send("[]".getBytes(UTF_8), file.fd(), file.fd());
      UnixSocket.Received received = server.receive(64, 10_000);
      assertThat(received.bytes()).isEqualTo("[]".getBytes(UTF_8));
      assertThat(received.truncated() || received.descriptorsLost()).isFalse();
      assertThat(received.descriptors()).hasSize(2);
      try (Mapping theirs = Mapping.readOnly(received.descriptors().get(0), 0, PAGE)) {
        assertThat(theirs.getLong(0)).isEqualTo(99);
      }
      received.descriptors().forEach(Fd::close);
      assertThat(server.peer().pid()).isEqualTo((int) ProcessHandle.current().pid());
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void waitsEndInTime() throws Exception {
    Path path = directory.resolve("s");
    try (UnixListener listener = UnixListener.bind(path)) {
      assertThatThrownBy(() -> listener.accept(20))
          .isInstanceOfSatisfying(
              LinuxException.class, failure -> assertThat(failure.errno()).isEqualTo(Errno.EAGAIN));
      UnixSocket client = UnixSocket.connect(path);
      try (UnixSocket server = listener.accept(1000)) {
        assertThatThrownBy(() -> server.receive(64, 20)).hasMessageContaining("20 ms");
        client.close();
        assertThat(server.receive(64, 1000).bytes()).isEmpty();
      }
    }
  }

  @Test
  void onlyASocketThatNobodyListensAtIsReplaced() throws Exception {
    Path path = directory.resolve("s");
    try (UnixListener first = UnixListener.bind(path)) {
      assertThat(first.path()).isEqualTo(path);
      assertThatThrownBy(() -> UnixListener.bind(path))
          .isInstanceOfSatisfying(
              LinuxException.class,
              failure -> assertThat(failure.errno()).isEqualTo(Errno.EADDRINUSE));
    }
    Path stale = directory.resolve("stale");
    try (UnixListener listener = UnixListener.bind(stale)) {
      // As after kill -9: the descriptor goes, the file stays.
      listener.fd().close();
    }
    assertThat(stale).exists();
    UnixListener.bind(stale).close();

    Path file = Files.writeString(directory.resolve("file"), "mine");
    assertThatThrownBy(() -> UnixListener.bind(file)).isInstanceOf(LinuxException.class);
    assertThat(file).hasContent("mine");
    assertThatThrownBy(() -> UnixListener.bind(directory.resolve("x".repeat(120))))
        .hasMessageContaining("107 bytes");
  }

  @Test
  void bellRingsOnceForAnyNumberOfPulls() throws Exception {
    try (EventFd bell = new EventFd()) {
      Poll poll = new Poll(bell.fd());
      assertThat(poll.await(0)).isFalse();
      bell.ring();
      bell.ring();
      assertThat(poll.await(1000)).isTrue();
      assertThat(poll.isReadable(0)).isTrue();
      assertThat(bell.wasRung()).isTrue();
      assertThat(bell.wasRung()).isFalse();
    }
  }

  @Test
  void processIsHeldSignalledAndSeenToEnd() throws Exception {
    Process sleeper = new ProcessBuilder("sleep", "60").start();
    try (PidFd held = new PidFd((int) sleeper.pid())) {
      assertThat(held.hasEnded()).isFalse();
      held.signal(15);
      assertThat(new Poll(held.fd()).await(10_000)).isTrue();
      assertThat(held.hasEnded()).isTrue();
    } finally {
      sleeper.destroyForcibly();
    }
    sleeper.waitFor();
    assertThatThrownBy(() -> new PidFd((int) sleeper.pid()))
        .isInstanceOfSatisfying(
            LinuxException.class, failure -> assertThat(failure.errno()).isEqualTo(Errno.ESRCH));
  }

  @Test
  void ownMemoryAndPageTableCanBeRead() throws Exception {
    int self = Processes.currentProcessId();
    try (Mapping memory = Mapping.anonymous(8 * PAGE)) {
      memory.putLong(3 * PAGE, 7);
      assertThat(Processes.read(self, memory.address() + 3 * PAGE, 8)).startsWith(7, 0);
      assertThatThrownBy(() -> Processes.read(self, 8, 8))
          .isInstanceOfSatisfying(
              LinuxException.class, failure -> assertThat(failure.errno()).isEqualTo(Errno.EFAULT));
    }
  }

  @Test
  void threadIsPinnedToOneCpu() throws Exception {
    List<Integer> all = Processes.affinity();
    Processes.pin(all.getLast());
    try {
      assertThat(Processes.affinity()).containsExactly(all.getLast());
      assertThatThrownBy(Processes::pin).isInstanceOf(LinuxException.class);
    } finally {
      Processes.pin(all.stream().mapToInt(Integer::intValue).toArray());
    }
  }
}
