package dev.faultscope.linux.remote;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.SyscallNumber;
import dev.faultscope.linux.ffi.UffdAbi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A userfaultfd of a remote process, worked by one of its threads; every argument goes through. */
public final class RemoteUserfaultfd {
  /** A result field that the kernel did not write. */
  public static final long UNTOUCHED = 0x5a5a_5a5a_5a5a_5a5aL;

  private static final int MESSAGE_BYTES = 32;

  private final RemoteThread thread;
  private final int fd;

  private RemoteUserfaultfd(RemoteThread thread, int fd) {
    this.thread = thread;
    this.fd = fd;
  }

  /** {@return one that a FORK message opened over there} */
  public static RemoteUserfaultfd adopt(RemoteThread thread, int fd) {
    return new RemoteUserfaultfd(thread, fd);
  }

  /**
   * Opens one with any flags.
   *
   * @throws LinuxException with the errno that userfaultfd(2) answered
   */
  public static RemoteUserfaultfd open(RemoteThread thread, long flags) throws LinuxException {
    long fd = thread.call(SyscallNumber.USERFAULTFD, flags);
    if (fd == -Errno.EPERM) {
      long device = new RemoteCalls(thread).open(Path.of("/dev/userfaultfd"), true);
      if (device >= 0) {
        fd = thread.call(SyscallNumber.IOCTL, device, UffdAbi.USERFAULTFD_IOC_NEW, flags);
        thread.call(SyscallNumber.CLOSE, device);
      }
    }
    RemoteCalls.check(fd, "userfaultfd", "flags 0x" + Long.toHexString(flags));
    return new RemoteUserfaultfd(thread, (int) fd);
  }

  /** {@return its number over there} */
  public int fd() {
    return fd;
  }

  /** UFFDIO_API. */
  public Answer api(long api, long features) throws LinuxException {
    thread.putScratch(0, api, features, UNTOUCHED);
    int errno = ioctl(UffdAbi.UFFDIO_API);
    return new Answer(errno, thread.getScratch(16), thread.getScratch(8));
  }

  /** UFFDIO_REGISTER; the field is the mask of ioctls. */
  public Answer register(long start, long bytes, long modes) throws LinuxException {
    return answer(UffdAbi.UFFDIO_REGISTER, start, bytes, modes, UNTOUCHED);
  }

  public Answer unregister(long start, long bytes) throws LinuxException {
    return answer(UffdAbi.UFFDIO_UNREGISTER, start, bytes, UNTOUCHED);
  }

  public Answer wake(long start, long bytes) throws LinuxException {
    return answer(UffdAbi.UFFDIO_WAKE, start, bytes, UNTOUCHED);
  }

  public Answer copy(long start, long from, long bytes, long mode) throws LinuxException {
    return answer(UffdAbi.UFFDIO_COPY, start, from, bytes, mode, UNTOUCHED);
  }

  public Answer move(long start, long from, long bytes, long mode) throws LinuxException {
    return answer(UffdAbi.UFFDIO_MOVE, start, from, bytes, mode, UNTOUCHED);
  }

  public Answer zeropage(long start, long bytes, long mode) throws LinuxException {
    return answer(UffdAbi.UFFDIO_ZEROPAGE, start, bytes, mode, UNTOUCHED);
  }

  /** UFFDIO_CONTINUE. */
  public Answer continueFault(long start, long bytes, long mode) throws LinuxException {
    return answer(UffdAbi.UFFDIO_CONTINUE, start, bytes, mode, UNTOUCHED);
  }

  /** ZEROPAGE, CONTINUE, POISON and whatever has their argument. */
  public Answer fill(long request, long start, long bytes, long mode) throws LinuxException {
    return answer(request, start, bytes, mode, UNTOUCHED);
  }

  public Answer writeProtect(long start, long bytes, long mode) throws LinuxException {
    return answer(UffdAbi.UFFDIO_WRITEPROTECT, start, bytes, mode, UNTOUCHED);
  }

  /** An ioctl of the userfaultfd family with a number of its own and an empty structure. */
  public Answer unknown(int number) throws LinuxException {
    return answer(UffdAbi.UFFDIO_ZEROPAGE & ~0xffL | number, 0, 0, 0, UNTOUCHED);
  }

  /** The words of a structure whose last is the result field, or stands behind it. */
  private Answer answer(long request, long... words) throws LinuxException {
    thread.putScratch(0, words);
    int errno = ioctl(request);
    return new Answer(errno, thread.getScratch(8 * (words.length - 1)), 0);
  }

  private int ioctl(long request) throws LinuxException {
    return (int) -thread.call(SyscallNumber.IOCTL, fd, request, thread.scratch());
  }

  /**
   * Reads messages.
   *
   * @param bytes room offered to read(2); of what is beyond one structure's worth of scratch room,
   *     no more is offered
   */
  public Reading read(long bytes) throws LinuxException {
    long room = Math.min(bytes, RemoteThread.SCRATCH_BYTES);
    long value = thread.call(SyscallNumber.READ, fd, thread.scratch(), room);
    List<Message> messages = new ArrayList<>();
    for (int at = 0; at + MESSAGE_BYTES <= value; at += MESSAGE_BYTES) {
      messages.add(
          new Message(
              (int) thread.getScratch(at) & 0xff,
              thread.getScratch(at + 8),
              thread.getScratch(at + 16),
              thread.getScratch(at + 24)));
    }
    return new Reading((int) Math.max(0, -value), messages);
  }

  /** {@return what poll(2) says of it, waiting up to some milliseconds: bits of POLLIN, POLLERR} */
  public int poll(long milliseconds) throws LinuxException {
    thread.putScratch(
        0,
        (fd & 0xffff_ffffL) | (long) FileAbi.POLLIN << 32,
        milliseconds / 1000,
        milliseconds % 1000 * 1_000_000);
    RemoteCalls.check(
        thread.call(SyscallNumber.PPOLL, thread.scratch(), 1, thread.scratch() + 8, 0, 8),
        "ppoll",
        "userfaultfd " + fd);
    return (int) (thread.getScratch(0) >>> 48);
  }

  /** {@return whether what {@link #poll} said has something to read} */
  public static boolean isReadable(int events) {
    return (events & FileAbi.POLLIN) != 0;
  }

  /** {@return whether what {@link #poll} said is an error} */
  public static boolean isBroken(int events) {
    return (events & FileAbi.POLLERR) != 0;
  }

  /** {@return 0 or {@code -errno}} */
  public long close() throws LinuxException {
    return thread.call(SyscallNumber.CLOSE, fd);
  }

  /**
   * What an ioctl answered.
   *
   * @param errno 0 or the positive error number
   * @param field the result field, {@link #UNTOUCHED} where the kernel did not write it or there is
   *     none
   * @param features of UFFDIO_API, else 0
   */
  public record Answer(int errno, long field, long features) {}

  /**
   * What read(2) brought.
   *
   * @param errno 0 or the positive error number
   */
  public record Reading(int errno, List<Message> messages) {}

  /**
   * A message as the kernel wrote it.
   *
   * @param event one of UFFD_EVENT_*
   * @param first flags, descriptor, start or from
   * @param second address, end or to
   * @param third thread id or length
   */
  public record Message(int event, long first, long second, long third) {}
}
