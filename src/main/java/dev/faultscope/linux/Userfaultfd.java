package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import dev.faultscope.linux.ffi.UffdAbi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A userfaultfd: the kernel's queue of faults in registered memory, and the ioctls that answer
 * them.
 *
 * <p>Made non-blocking; one {@linkplain #take taken} from another process may block, and then
 * answers poll with an error, but {@link #read} never sleeps on either. Safe for several threads,
 * but for {@link #close}.
 */
public final class Userfaultfd implements AutoCloseable {
  /** Register mode: a fault where nothing is. */
  public static final long MISSING = UffdAbi.UFFDIO_REGISTER_MODE_MISSING;

  /** Register mode: a write where write-protected. */
  public static final long WP = UffdAbi.UFFDIO_REGISTER_MODE_WP;

  /** Register mode: a fault where only the page table has nothing. */
  public static final long MINOR = UffdAbi.UFFDIO_REGISTER_MODE_MINOR;

  /** Mode of an answer: leave the sleepers asleep. The same bit in all but WRITEPROTECT. */
  public static final long DONTWAKE = UffdAbi.UFFDIO_COPY_MODE_DONTWAKE;

  /** Mode of COPY and CONTINUE: install write-protected. */
  public static final long INSTALL_WP = UffdAbi.UFFDIO_COPY_MODE_WP;

  /** Mode of MOVE: holes of the source are moved too. */
  public static final long ALLOW_SOURCE_HOLES = UffdAbi.UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES;

  private static final String DEVICE = "/dev/userfaultfd";

  /** The structure of an ioctl that answers: one a thread, as answers are made by the million. */
  private static final ThreadLocal<MemorySegment> ARGUMENT =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(UffdAbi.uffdio_copy));

  private final Fd fd;
  private final String origin;
  private final boolean pollable;

  private Userfaultfd(Fd fd, String origin) {
    this(fd, origin, true);
  }

  private Userfaultfd(Fd fd, String origin, boolean pollable) {
    this.fd = fd;
    this.origin = origin;
    this.pollable = pollable;
  }

  /**
   * Opens one that sees kernel-mode faults too, by the device where that works, else by the system
   * call.
   *
   * @throws LinuxException if neither works; its detail says what to do
   */
  public static Userfaultfd open() throws LinuxException {
    try {
      return openDevice();
    } catch (LinuxException noDevice) {
      try {
        return openSyscall(false);
      } catch (LinuxException noSyscall) {
        noSyscall.addSuppressed(noDevice);
        throw noSyscall;
      }
    }
  }

  /** Opens one by {@code /dev/userfaultfd}, whose file mode says who may. */
  public static Userfaultfd openDevice() throws LinuxException {
    try (Fd device = Fd.open(DEVICE, FileAbi.O_RDWR)) {
      long fd = device.ioctl(UffdAbi.USERFAULTFD_IOC_NEW, FileAbi.O_CLOEXEC | FileAbi.O_NONBLOCK);
      return new Userfaultfd(
          Fd.adopt(LinuxException.check(fd, "USERFAULTFD_IOC_NEW", DEVICE)), DEVICE);
    }
  }

  /**
   * Opens one by system call; without privilege, {@code userModeOnly} may be the only kind allowed.
   */
  public static Userfaultfd openSyscall(boolean userModeOnly) throws LinuxException {
    long flags =
        FileAbi.O_CLOEXEC | FileAbi.O_NONBLOCK | (userModeOnly ? UffdAbi.UFFD_USER_MODE_ONLY : 0);
    long fd = Libc.syscall(SyscallNumber.USERFAULTFD, flags);
    return new Userfaultfd(
        Fd.adopt(
            LinuxException.check(
                fd,
                "userfaultfd",
                "give access to "
                    + DEVICE
                    + ", or CAP_SYS_PTRACE, or set vm.unprivileged_userfaultfd=1")),
        "userfaultfd(2)");
  }

  /** Takes over one that another process registered and sent. */
  public static Userfaultfd adopt(Fd fd) {
    return new Userfaultfd(fd, "received");
  }

  /**
   * Takes over a duplicate of one that its process keeps. Its flags are shared with that process
   * and left as they are.
   */
  public static Userfaultfd take(Fd fd) throws LinuxException {
    return new Userfaultfd(fd, "taken", fd.isNonBlocking());
  }

  /** {@return whether poll tells of messages; where not, {@link #read} is to be asked again} */
  public boolean isPollable() {
    return pollable;
  }

  /** {@return its descriptor, to poll or send} */
  public Fd fd() {
    return fd;
  }

  /** {@return how it was come by} */
  public String origin() {
    return origin;
  }

  /**
   * Agrees on features. Once, before anything else; after a refusal it may be asked again.
   *
   * @param features bits asked for; what the kernel offers is in the answer
   */
  public Api api(long features) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(UffdAbi.uffdio_api);
      argument.set(JAVA_LONG, 0, UffdAbi.UFFD_API);
      argument.set(JAVA_LONG, 8, features);
      LinuxException.check(
          fd.ioctl(UffdAbi.UFFDIO_API, argument),
          "UFFDIO_API",
          "features 0x" + Long.toHexString(features));
      return new Api(argument.get(JAVA_LONG, 8), argument.get(JAVA_LONG, 16));
    }
  }

  /** {@return the ioctls possible on the range, a bit each} */
  public long register(long start, long length, long modes) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(UffdAbi.uffdio_register);
      argument.set(JAVA_LONG, 0, start);
      argument.set(JAVA_LONG, 8, length);
      argument.set(JAVA_LONG, 16, modes);
      LinuxException.check(
          fd.ioctl(UffdAbi.UFFDIO_REGISTER, argument),
          "UFFDIO_REGISTER",
          length + " bytes at 0x" + Long.toHexString(start) + ", modes " + modes);
      return argument.get(JAVA_LONG, 24);
    }
  }

  /**
   * Lets go of a range. Sleepers in a range that was registered MINOR only sleep on until woken.
   */
  public UffdResult unregister(long start, long length) {
    return range(UffdAbi.UFFDIO_UNREGISTER, start, length);
  }

  /** Wakes the sleepers of a range, resolving nothing. */
  public UffdResult wake(long start, long length) {
    return range(UffdAbi.UFFDIO_WAKE, start, length);
  }

  /** Gives a range new pages with a copy of this process's memory at {@code from}. */
  public UffdResult copy(long start, long from, long length, long mode) {
    return answer5(UffdAbi.UFFDIO_COPY, start, from, length, mode);
  }

  /** Moves pages of the registering process's own memory into a range. */
  public UffdResult move(long start, long from, long length, long mode) {
    return answer5(UffdAbi.UFFDIO_MOVE, start, from, length, mode);
  }

  /** Gives a range zero pages. */
  public UffdResult zeropage(long start, long length, long mode) {
    return answer4(UffdAbi.UFFDIO_ZEROPAGE, start, length, mode);
  }

  /** Maps the pages that the page cache has for a range. Named after UFFDIO_CONTINUE. */
  public UffdResult continueFault(long start, long length, long mode) {
    return answer4(UffdAbi.UFFDIO_CONTINUE, start, length, mode);
  }

  /**
   * Fills a range from nowhere but itself: ZEROPAGE, CONTINUE, POISON and whatever has their
   * argument.
   *
   * @param request the whole request value
   */
  public UffdResult fill(long request, long start, long length, long mode) {
    return answer4(request, start, length, mode);
  }

  /** Write-protects a range, or with {@code protect} off lifts that and wakes. */
  public UffdResult writeProtect(long start, long length, boolean protect, boolean wake) {
    MemorySegment argument = ARGUMENT.get();
    argument.set(JAVA_LONG, 0, start);
    argument.set(JAVA_LONG, 8, length);
    argument.set(
        JAVA_LONG,
        16,
        (protect ? UffdAbi.UFFDIO_WRITEPROTECT_MODE_WP : 0)
            | (wake ? 0 : UffdAbi.UFFDIO_WRITEPROTECT_MODE_DONTWAKE));
    return new UffdResult(errno(fd.ioctl(UffdAbi.UFFDIO_WRITEPROTECT, argument)), 0);
  }

  /**
   * Reads as many messages as there are and as fit, without waiting.
   *
   * @return how many, 0 where none waits
   * @throws LinuxException if the descriptor cannot be read (any more)
   */
  public int read(UffdMessages into) throws LinuxException {
    long bytes = pollable ? fd.read(into.buffer()) : fd.readNoWait(into.buffer());
    if (bytes == -Errno.EAGAIN || bytes == -Errno.EINTR) {
      bytes = 0;
    }
    into.filled(LinuxException.check(bytes, "read", "userfaultfd"));
    return into.count();
  }

  private UffdResult range(long request, long start, long length) {
    MemorySegment argument = ARGUMENT.get();
    argument.set(JAVA_LONG, 0, start);
    argument.set(JAVA_LONG, 8, length);
    return new UffdResult(errno(fd.ioctl(request, argument)), 0);
  }

  private UffdResult answer4(long request, long start, long length, long mode) {
    MemorySegment argument = ARGUMENT.get();
    argument.set(JAVA_LONG, 0, start);
    argument.set(JAVA_LONG, 8, length);
    argument.set(JAVA_LONG, 16, mode);
    argument.set(JAVA_LONG, 24, 0);
    int errno = errno(fd.ioctl(request, argument));
    return new UffdResult(errno, argument.get(JAVA_LONG, 24));
  }

  private UffdResult answer5(long request, long start, long from, long length, long mode) {
    MemorySegment argument = ARGUMENT.get();
    argument.set(JAVA_LONG, 0, start);
    argument.set(JAVA_LONG, 8, from);
    argument.set(JAVA_LONG, 16, length);
    argument.set(JAVA_LONG, 24, mode);
    argument.set(JAVA_LONG, 32, 0);
    int errno = errno(fd.ioctl(request, argument));
    return new UffdResult(errno, argument.get(JAVA_LONG, 32));
  }

  private static int errno(long value) {
    return value < 0 ? (int) -value : 0;
  }

  /**
   * Closes this descriptor. Where it was the last, every sleeper wakes and the memory is ordinary
   * memory again.
   */
  @Override
  public void close() {
    fd.close();
  }

  /**
   * What a userfaultfd can do.
   *
   * @param features every feature the kernel offers, asked for or not
   * @param ioctls ioctls of the descriptor itself, a bit each
   */
  public record Api(long features, long ioctls) {}
}
