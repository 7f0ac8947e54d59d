package dev.faultscope.linux.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.remote.RemoteThread.Rest;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Requires(Requirement.UFFD)
class RemoteProcessTest {
  private static final long MEMORY = 0x2000_0000_0000L;
  private static final long PAGE = 4096;
  private static final int SIGBUS = 7;
  private static final int SIGSEGV = 11;

  private RemoteProcess process;
  private RemoteCalls calls;

  @BeforeEach
  void start() throws IOException {
    process = RemoteProcess.start();
    calls = new RemoteCalls(process.main());
  }

  @AfterEach
  void end() {
    process.close();
  }

  private RemoteUserfaultfd register(long bytes) throws LinuxException {
    calls.mapAnonymous(MEMORY, bytes);
    RemoteUserfaultfd uffd = RemoteUserfaultfd.open(process.main(), 0x80800);
    uffd.api(0xaa, 0);
    assertThat(uffd.register(MEMORY, bytes, 1).errno()).isZero();
    return uffd;
  }

  @Test
  void listsOfProcessesCallItByAName() throws IOException {
    Path its = Path.of("/proc", "" + process.pid());

    assertThat(Files.readString(its.resolve("comm"))).isEqualTo("faultscope-run\n");
    RemoteThread thread = process.newThread();
    assertThat(Files.readString(its.resolve("task/" + thread.tid() + "/comm")))
        .isEqualTo("faultscope-run\n");
  }

  @Test
  void aThreadSleepsInAFaultUntilItIsAnswered() throws IOException {
    RemoteUserfaultfd uffd = register(2 * PAGE);
    RemoteThread thread = process.newThread();

    thread.beginLoad(MEMORY + 5);

    assertThat(thread.awaitRest()).isEqualTo(Rest.IN_FAULT);
    assertThat(uffd.read(512).messages()).hasSize(1);
    assertThat(uffd.zeropage(MEMORY, PAGE, 0).field()).isEqualTo(PAGE);
    assertThat(thread.awaitRest()).isEqualTo(Rest.IDLE);
    assertThat(thread.result()).isZero();
  }

  @Test
  void anAbandonedSleeperTakesItsMessageAlong() throws IOException {
    RemoteUserfaultfd uffd = register(PAGE);
    RemoteThread thread = process.newThread();
    thread.beginStore(MEMORY, 1);
    assertThat(thread.awaitRest()).isEqualTo(Rest.IN_FAULT);

    thread.abandon();

    assertThat(RemoteUserfaultfd.isReadable(uffd.poll(0))).isFalse();
    assertThat(thread.isBusy()).isFalse();
  }

  @Test
  void badAccessesEndInSignalsThatTheThreadSurvives() throws IOException {
    int file = calls.memfd("short", PAGE, false);
    assertThat(calls.mapFile(MEMORY, 2 * PAGE, file, 0, true, true)).isEqualTo(MEMORY);
    RemoteThread thread = process.newThread();

    thread.beginLoad(MEMORY + PAGE);
    assertThat(thread.awaitRest()).isEqualTo(Rest.IDLE);
    assertThat(thread.fatalSignal()).isEqualTo(SIGBUS);
    thread.beginStore(MEMORY + 2 * PAGE, 1);
    thread.awaitRest();
    assertThat(thread.fatalSignal()).isEqualTo(SIGSEGV);
    thread.beginStore(MEMORY, 9);
    thread.awaitRest();
    thread.beginLoad(MEMORY);
    thread.awaitRest();
    assertThat(thread.result()).isEqualTo(9);
  }

  @Test
  void aSweepMeetsItsPagesInOrder() throws IOException {
    RemoteUserfaultfd uffd = register(4 * PAGE);
    long order = MEMORY + (1 << 20);
    calls.mapAnonymous(order, PAGE);
    RemoteThread thread = process.newThread();
    int[] pages = {3, 0, 2};
    for (int i = 0; i < pages.length; i++) {
      thread.beginStore(order + 4L * i, pages[i]);
      thread.awaitRest();
    }
    // The second one is written to: bit 31 of its number.
    thread.beginStore(order + 7, 0x80);
    thread.awaitRest();

    thread.beginSweep(MEMORY, order, pages.length);

    for (int page : pages) {
      assertThat(thread.awaitRest()).isEqualTo(Rest.IN_FAULT);
      RemoteUserfaultfd.Message message = uffd.read(32).messages().getFirst();
      assertThat(message.second()).isEqualTo(MEMORY + page * PAGE);
      assertThat(message.first()).as("write").isEqualTo(page == 0 ? 1 : 0);
      uffd.zeropage(MEMORY + page * PAGE, PAGE, 0);
    }
    assertThat(thread.awaitRest()).isEqualTo(Rest.IDLE);
    assertThat(thread.pagesSwept()).isEqualTo(3);
  }

  @Test
  void aForkedChildRunsByItselfAndEndsWithItsParent() throws IOException {
    RemoteThread parent = process.newThread();
    RemoteThread child = process.fork(parent);
    parent.awaitRest();
    child.awaitForked();
    calls.mapAnonymous(MEMORY, PAGE);

    child.beginLoad(MEMORY);
    child.awaitRest();

    assertThat(child.fatalSignal()).as("mapped in the parent only").isEqualTo(SIGSEGV);
    process.close();
    Path left = Path.of("/proc", "" + child.pid());
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (Files.exists(left) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(left).doesNotExist();
  }

  @Test
  void aProcessThatIsGoneIsSaidToBe() throws IOException {
    RemoteThread thread = process.newThread();
    ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();

    assertThatThrownBy(
            () -> {
              thread.beginLoad(MEMORY);
              thread.awaitRest();
            })
        .isInstanceOf(LinuxException.class);
  }

  @Test
  void closingLeavesNoDescriptorAndNoProcess() throws IOException {
    process.newThread();
    process.close();
    long before = descriptors();
    for (int i = 0; i < 5; i++) {
      try (RemoteProcess another = RemoteProcess.start()) {
        another.newThread();
        assertThat(another.isAlive()).isTrue();
      }
    }
    assertThat(descriptors()).isLessThanOrEqualTo(before);
    assertThat(process.isAlive()).isFalse();
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
