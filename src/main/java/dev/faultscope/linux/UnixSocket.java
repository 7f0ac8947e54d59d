package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SocketAbi;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One end of a Unix stream connection that can carry descriptors. */
public final class UnixSocket implements AutoCloseable {
  private static final int MOST_DESCRIPTORS = 16;

  private final Fd fd;

  UnixSocket(Fd fd) {
    this.fd = fd;
  }

  /** Connects to a socket in the file system. */
  public static UnixSocket connect(Path path) throws LinuxException {
    Fd fd = create();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = address(path, arena);
      LinuxException.check(
          Libc.syscall(SyscallNumber.CONNECT, fd.number(), address.address(), address.byteSize()),
          "connect",
          path.toString());
      return new UnixSocket(fd);
    } catch (LinuxException failure) {
      fd.close();
      throw failure;
    }
  }

  static Fd create() throws LinuxException {
    return Fd.adopt(
        LinuxException.check(
            Libc.syscall(
                SyscallNumber.SOCKET,
                SocketAbi.AF_UNIX,
                SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC,
                0),
            "socket",
            "AF_UNIX"));
  }

  static MemorySegment address(Path path, Arena arena) throws LinuxException {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    if (name.length > 107) {
      throw new LinuxException(
          "bind",
          Errno.EINVAL,
          "a socket's path may have 107 bytes, " + path + " has " + name.length);
    }
    MemorySegment address = arena.allocate(SocketAbi.sockaddr_un);
    address.set(JAVA_SHORT, 0, (short) SocketAbi.AF_UNIX);
    MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
    return address;
  }

  /** {@return its descriptor} */
  public Fd fd() {
    return fd;
  }

  /** {@return who is at the other end} */
  public PeerCredentials peer() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment credentials = arena.allocate(SocketAbi.ucred);
      MemorySegment length = arena.allocateFrom(JAVA_INT, (int) credentials.byteSize());
      LinuxException.check(
          Libc.syscall(
              SyscallNumber.GETSOCKOPT,
              fd.number(),
              SocketAbi.SOL_SOCKET,
              SocketAbi.SO_PEERCRED,
              credentials.address(),
              length.address(),
              0),
          "getsockopt",
          "SO_PEERCRED");
      return new PeerCredentials(
          credentials.get(JAVA_INT, 0), credentials.get(JAVA_INT, 4), credentials.get(JAVA_INT, 8));
    }
  }

  /** Sends one message with descriptors. */
  public void send(byte[] bytes, Fd... descriptors) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(JAVA_BYTE, bytes);
      MemorySegment message = message(arena, data);
      if (descriptors.length > 0) {
        MemorySegment control = arena.allocate(controlBytes(descriptors.length), 8);
        control.set(JAVA_LONG, 0, SocketAbi.cmsghdr.byteSize() + 4L * descriptors.length);
        control.set(JAVA_INT, 8, SocketAbi.SOL_SOCKET);
        control.set(JAVA_INT, 12, SocketAbi.SCM_RIGHTS);
        for (int i = 0; i < descriptors.length; i++) {
          control.set(JAVA_INT, 16 + 4L * i, descriptors[i].number());
        }
        message.set(JAVA_LONG, 32, control.address());
        message.set(JAVA_LONG, 40, control.byteSize());
      }
      long sent =
          LinuxException.check(
              Libc.syscall(
                  SyscallNumber.SENDMSG, fd.number(), message.address(), SocketAbi.MSG_NOSIGNAL),
              "sendmsg",
              bytes.length + " bytes, " + descriptors.length + " descriptors");
      if (sent != bytes.length) {
        throw new LinuxException(
            "sendmsg", Errno.EAGAIN, "only " + sent + " of " + bytes.length + " bytes were taken");
      }
    }
  }

  /**
   * Receives what is there, waiting up to a time for the first byte.
   *
   * @param most room in bytes
   * @return the message; empty and without descriptors at the end of the connection
   * @throws LinuxException EAGAIN where nothing came in time
   */
  public Received receive(int most, long milliseconds) throws LinuxException {
    if (!new Poll(fd).await(milliseconds)) {
      throw new LinuxException("recvmsg", Errno.EAGAIN, "nothing came in " + milliseconds + " ms");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(most, 8);
      MemorySegment message = message(arena, data);
      MemorySegment control = arena.allocate(controlBytes(MOST_DESCRIPTORS), 8);
      message.set(JAVA_LONG, 32, control.address());
      message.set(JAVA_LONG, 40, control.byteSize());
      long count =
          LinuxException.check(
              Libc.syscall(
                  SyscallNumber.RECVMSG,
                  fd.number(),
                  message.address(),
                  SocketAbi.MSG_CMSG_CLOEXEC),
              "recvmsg",
              "up to " + most + " bytes");
      int flags = message.get(JAVA_INT, 48);
      return new Received(
          data.asSlice(0, count).toArray(JAVA_BYTE),
          descriptors(control.asSlice(0, message.get(JAVA_LONG, 40))),
          (flags & SocketAbi.MSG_TRUNC) != 0,
          (flags & SocketAbi.MSG_CTRUNC) != 0);
    }
  }

  private static List<Fd> descriptors(MemorySegment control) {
    List<Fd> found = new ArrayList<>();
    long at = 0;
    while (at + SocketAbi.cmsghdr.byteSize() <= control.byteSize()) {
      long length = control.get(JAVA_LONG, at);
      if (length < SocketAbi.cmsghdr.byteSize() || at + length > control.byteSize()) {
        break;
      }
      if (control.get(JAVA_INT, at + 8) == SocketAbi.SOL_SOCKET
          && control.get(JAVA_INT, at + 12) == SocketAbi.SCM_RIGHTS) {
        for (long i = at + SocketAbi.cmsghdr.byteSize(); i + 4 <= at + length; i += 4) {
          found.add(Fd.adopt(control.get(JAVA_INT, i)));
        }
      }
      at += (length + 7) & ~7;
    }
    return found;
  }

  private static MemorySegment message(Arena arena, MemorySegment data) {
    MemorySegment vector = arena.allocate(FileAbi.iovec);
    vector.set(JAVA_LONG, 0, data.address());
    vector.set(JAVA_LONG, 8, data.byteSize());
    MemorySegment message = arena.allocate(SocketAbi.msghdr);
    message.set(JAVA_LONG, 16, vector.address());
    message.set(JAVA_LONG, 24, 1);
    return message;
  }

  private static long controlBytes(int descriptors) {
    return SocketAbi.cmsghdr.byteSize() + ((4L * descriptors + 7) & ~7);
  }

  @Override
  public void close() {
    fd.close();
  }

  /**
   * What one receive brought. Whoever takes it closes the descriptors.
   *
   * @param bytes the bytes
   * @param descriptors descriptors sent along, opened in this process
   * @param truncated whether bytes were lost for want of room
   * @param descriptorsLost whether descriptors were lost, for want of room or of free numbers
   */
  public record Received(
      byte[] bytes, List<Fd> descriptors, boolean truncated, boolean descriptorsLost) {}
}
