package dev.faultscope.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.linux.ffi.Capabilities;
import dev.faultscope.linux.ffi.UffdAbi;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the real kernel says, to right and to wrong requests. Touchers are threads in plain native
 * calls.
 */
@Requires(Requirement.UFFD)
@Timeout(60)
class UserfaultfdTest {
  private static final long PAGE = 4096;
  private static final long THREAD_ID = 1 << 8;

  @Test
  void nothingWorksBeforeTheFeaturesAreAgreedOn() throws Exception {
    try (Userfaultfd uffd = Userfaultfd.open();
        GuestMemory memory = GuestMemory.anonymous(PAGE)) {
      failsWith(Errno.EINVAL, () -> uffd.register(memory.address(), PAGE, Userfaultfd.MISSING));
      failsWith(Errno.EINVAL, () -> uffd.read(new UffdMessages(1)));
      failsWith(Errno.EINVAL, () -> uffd.api(1L << 63));
      assertThat(uffd.api(0).features()).isNotZero();
      failsWith(Errno.EINVAL, () -> uffd.api(0));
      assertThat(uffd.fd().isNonBlocking()).isTrue();
    }
  }

  /** Case A10 of the conformance suite. */
  @Test
  void withoutPrivilegeOnlyUserModeIsGiven() throws Exception {
    String sysctl = Files.readString(Path.of("/proc/sys/vm/unprivileged_userfaultfd")).strip();
    Assumptions.assumeTrue(sysctl.equals("0"), "vm.unprivileged_userfaultfd is " + sysctl);
    FutureTask<Void> withoutPrivilege =
        new FutureTask<>(
            () -> {
              Capabilities.giveUpForThisThread();
              failsWith(Errno.EPERM, () -> Userfaultfd.openSyscall(false));
              Userfaultfd.openSyscall(true).close();
              return null;
            });
    Thread.ofPlatform().start(withoutPrivilege);
    withoutPrivilege.get(20, TimeUnit.SECONDS);
  }

  @Test
  void registerRefusesWhatItCannotWatch() throws Exception {
    try (Userfaultfd uffd = open(0);
        Userfaultfd other = open(0);
        GuestMemory memory = GuestMemory.anonymous(4 * PAGE)) {
      long at = memory.address();
      failsWith(Errno.EINVAL, () -> uffd.register(at, PAGE, 0));
      failsWith(Errno.EINVAL, () -> uffd.register(at + 1, PAGE, Userfaultfd.MISSING));
      failsWith(Errno.EINVAL, () -> uffd.register(at, 0, Userfaultfd.MISSING));
      failsWith(Errno.EINVAL, () -> uffd.register(at, PAGE, Userfaultfd.MINOR));
      assertThat(uffd.register(at, 4 * PAGE, Userfaultfd.MISSING) & 1 << 3)
          .as("COPY is offered")
          .isNotZero();
      failsWith(Errno.EBUSY, () -> other.register(at, PAGE, Userfaultfd.MISSING));
      assertThat(other.unregister(at, PAGE).errno()).isEqualTo(Errno.EINVAL);
    }
  }

  @Test
  void missingFaultIsReadCopiedAndAnsweredOnlyOnce() throws Exception {
    try (Userfaultfd uffd = open(THREAD_ID);
        GuestMemory memory = GuestMemory.anonymous(4 * PAGE);
        Mapping source = Mapping.anonymous(PAGE)) {
      uffd.register(memory.address(), memory.length(), Userfaultfd.MISSING);
      source.putLong(0, 0x5eed);
      FutureTask<Long> touch = start(() -> memory.readLong(PAGE));

      UffdMessage.Pagefault fault = nextFault(uffd);
      assertThat(fault.address()).isEqualTo(memory.address() + PAGE);
      assertThat(fault.isWrite()).isFalse();
      assertThat(fault.isMinor()).isFalse();
      assertThat(fault.threadId()).isPositive();
      assertThat(touch.isDone()).isFalse();

      assertThat(uffd.copy(fault.address(), source.address(), PAGE, 0))
          .isEqualTo(new UffdResult(0, PAGE));
      assertThat(touch.get(10, TimeUnit.SECONDS)).isEqualTo(0x5eed);
      assertThat(uffd.copy(fault.address(), source.address(), PAGE, 0))
          .isEqualTo(new UffdResult(Errno.EEXIST, -Errno.EEXIST));
      assertThat(uffd.copy(memory.address(), source.address(), 2 * PAGE, 0))
          .as("the second page is there already")
          .isEqualTo(new UffdResult(Errno.EAGAIN, PAGE));
      assertThat(uffd.copy(source.address(), source.address(), PAGE, 0))
          .as("memory that is not registered")
          .isEqualTo(new UffdResult(Errno.ENOENT, -Errno.ENOENT));
      assertThat(uffd.copy(memory.address() + 8, source.address(), PAGE, 0))
          .as("the result field stays as it was")
          .isEqualTo(new UffdResult(Errno.EINVAL, 0));
      assertThat(uffd.copy(memory.address() + 2 * PAGE, 8, PAGE, 0))
          .isEqualTo(new UffdResult(Errno.EFAULT, -Errno.EFAULT));
    }
  }

  @Test
  void minorFaultIsContinuedWithWhatTheAliasWrote() throws Exception {
    try (Userfaultfd uffd = open(0);
        Memfd file = Memfd.create("minor", 4 * PAGE);
        Mapping alias = file.map();
        GuestMemory memory = file.mapAsGuest()) {
      alias.putLong(2 * PAGE, 1);
      uffd.register(memory.address(), memory.length(), Userfaultfd.MISSING | Userfaultfd.MINOR);
      FutureTask<Long> touch = start(() -> memory.readLong(2 * PAGE));

      UffdMessage.Pagefault fault = nextFault(uffd);
      assertThat(fault.isMinor()).isTrue();
      assertThat(uffd.continueFault(memory.address(), PAGE, 0))
          .as("a page that the cache does not have")
          .isEqualTo(new UffdResult(Errno.EFAULT, -Errno.EFAULT));
      alias.putLong(2 * PAGE, 2);
      assertThat(uffd.continueFault(fault.address(), PAGE, 0)).isEqualTo(new UffdResult(0, PAGE));
      assertThat(touch.get(10, TimeUnit.SECONDS)).isEqualTo(2);
      assertThat(uffd.continueFault(fault.address(), PAGE, 0).errno()).isEqualTo(Errno.EEXIST);
    }
  }

  @Test
  void wakeWithoutAnAnswerBringsTheSameFaultAgain() throws Exception {
    try (Userfaultfd uffd = open(0);
        GuestMemory memory = GuestMemory.anonymous(PAGE)) {
      uffd.register(memory.address(), PAGE, Userfaultfd.MISSING);
      FutureTask<Void> touch =
          start(
              () -> {
                memory.writeLong(8, 7);
                return null;
              });

      UffdMessage.Pagefault first = nextFault(uffd);
      assertThat(first.isWrite()).isTrue();
      assertThat(uffd.wake(memory.address(), 0).errno()).isEqualTo(Errno.EINVAL);
      assertThat(uffd.wake(memory.address(), PAGE).ok()).isTrue();
      assertThat(nextFault(uffd)).isEqualTo(first);
      assertThat(uffd.zeropage(memory.address(), PAGE, Userfaultfd.DONTWAKE).ok()).isTrue();
      assertThat(touch.isDone()).isFalse();
      assertThat(uffd.wake(memory.address(), PAGE).ok()).isTrue();
      touch.get(10, TimeUnit.SECONDS);
      assertThat(memory.readLong(8)).isEqualTo(7);
    }
  }

  @Test
  void removeEventHoldsBackEveryAnswerUntilItIsRead() throws Exception {
    long eventRemove = 1 << 3;
    try (Userfaultfd uffd = open(eventRemove);
        GuestMemory memory = GuestMemory.anonymous(2 * PAGE);
        Mapping source = Mapping.anonymous(PAGE)) {
      uffd.register(memory.address(), memory.length(), Userfaultfd.MISSING);
      FutureTask<Integer> remover =
          start(() -> memory.advise(PAGE, PAGE, GuestMemory.Advice.DONTNEED));
      assertThat(new Poll(uffd.fd()).await(10_000)).isTrue();

      assertThat(uffd.copy(memory.address(), source.address(), PAGE, 0))
          .isEqualTo(new UffdResult(Errno.EAGAIN, -Errno.EAGAIN));
      UffdMessages messages = new UffdMessages(4);
      assertThat(uffd.read(messages)).isEqualTo(1);
      assertThat(messages.get(0))
          .isEqualTo(new UffdMessage.Remove(memory.address() + PAGE, memory.address() + 2 * PAGE));
      assertThat(remover.get(10, TimeUnit.SECONDS)).isZero();
      assertThat(uffd.copy(memory.address(), source.address(), PAGE, 0).ok()).isTrue();
    }
  }

  @Test
  void movedMemoryIsToldAndWatchedAtItsNewPlace() throws Exception {
    long eventRemap = 1 << 2;
    try (Userfaultfd uffd = open(eventRemap)) {
      GuestMemory before = GuestMemory.anonymous(2 * PAGE);
      uffd.register(before.address(), before.length(), Userfaultfd.MISSING);
      FutureTask<GuestMemory> mover = start(before::move);
      assertThat(new Poll(uffd.fd()).await(10_000)).isTrue();
      UffdMessages messages = new UffdMessages(4);
      assertThat(uffd.read(messages)).isEqualTo(1);
      try (GuestMemory after = mover.get(10, TimeUnit.SECONDS)) {
        assertThat(messages.get(0))
            .isEqualTo(new UffdMessage.Remap(before.address(), after.address(), after.length()));
        assertThat(uffd.zeropage(after.address(), PAGE, 0).ok()).isTrue();
        assertThat(after.readLong(0)).isZero();
      }
    }
  }

  @Test
  void closingWakesWhoeverSleeps() throws Exception {
    try (GuestMemory memory = GuestMemory.anonymous(PAGE)) {
      FutureTask<Long> touch;
      try (Userfaultfd uffd = open(0)) {
        uffd.register(memory.address(), PAGE, Userfaultfd.MISSING);
        touch = start(() -> memory.readLong(0));
        nextFault(uffd);
      }
      assertThat(touch.get(10, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void writeProtectAndPoisonAndMoveAnswerAsDocumented() throws Exception {
    try (Userfaultfd uffd = open(0);
        GuestMemory memory = GuestMemory.anonymous(4 * PAGE);
        Mapping source = Mapping.anonymous(PAGE)) {
      long at = memory.address();
      uffd.register(at, memory.length(), Userfaultfd.MISSING | Userfaultfd.WP);
      assertThat(uffd.copy(at, source.address(), PAGE, Userfaultfd.INSTALL_WP).ok()).isTrue();
      assertThat(memory.readLong(0)).isZero();
      FutureTask<Void> write =
          start(
              () -> {
                memory.writeLong(0, 1);
                return null;
              });
      UffdMessage.Pagefault fault = nextFault(uffd);
      assertThat(fault.isWriteProtect()).isTrue();
      assertThat(uffd.writeProtect(at, PAGE, true, false).errno()).isEqualTo(Errno.EINVAL);
      assertThat(uffd.writeProtect(at, PAGE, false, true).ok()).isTrue();
      write.get(10, TimeUnit.SECONDS);

      assertThat(uffd.fill(UffdAbi.UFFDIO_POISON, at, PAGE, 0).errno()).isEqualTo(Errno.EEXIST);
      assertThat(uffd.fill(UffdAbi.UFFDIO_POISON, at + PAGE, PAGE, 0))
          .isEqualTo(new UffdResult(0, PAGE));
      assertThat(uffd.move(at + 2 * PAGE, at, PAGE, 4).errno()).isEqualTo(Errno.EINVAL);
      assertThat(uffd.move(at + 2 * PAGE, at, PAGE, 0)).isEqualTo(new UffdResult(0, PAGE));
      assertThat(memory.readLong(2 * PAGE)).isEqualTo(1);
    }
  }

  /**
   * The wrong way to touch, in Java code, would hang here for ever; this is why every touch is a
   * native call.
   */
  @Test
  void aSleepingToucherDoesNotStopGarbageCollection() throws Exception {
    try (Userfaultfd uffd = open(0);
        GuestMemory memory = GuestMemory.anonymous(PAGE)) {
      uffd.register(memory.address(), PAGE, Userfaultfd.MISSING);
      FutureTask<Long> touch = start(() -> memory.readLong(0));
      nextFault(uffd);
      System.gc();
      Thread.getAllStackTraces();
      assertThat(touch.isDone()).isFalse();
      assertThat(uffd.zeropage(memory.address(), PAGE, 0).ok()).isTrue();
      assertThat(touch.get(10, TimeUnit.SECONDS)).isZero();
    }
  }

  private static Userfaultfd open(long features) throws LinuxException {
    Userfaultfd uffd = Userfaultfd.open();
    uffd.api(features);
    return uffd;
  }

  private static UffdMessage.Pagefault nextFault(Userfaultfd uffd) throws LinuxException {
    assertThat(new Poll(uffd.fd()).await(10_000)).as("a message comes").isTrue();
    UffdMessages messages = new UffdMessages(1);
    assertThat(uffd.read(messages)).isEqualTo(1);
    return (UffdMessage.Pagefault) messages.get(0);
  }

  private static <T> FutureTask<T> start(Callable<T> access) {
    FutureTask<T> task = new FutureTask<>(access);
    Thread.ofPlatform().daemon().name("toucher").start(task);
    return task;
  }

  private static void failsWith(int errno, Callable<?> call) {
    assertThatThrownBy(call::call)
        .isInstanceOfSatisfying(
            LinuxException.class, failure -> assertThat(failure.errno()).isEqualTo(errno));
  }
}
