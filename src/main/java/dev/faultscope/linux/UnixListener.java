package dev.faultscope.linux;

import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SocketAbi;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A Unix socket in the file system that waits for connections. Its file goes when it is closed. */
public final class UnixListener implements AutoCloseable {
  private static final int BACKLOG = 16;

  private final Fd fd;
  private final Path path;

  private UnixListener(Fd fd, Path path) {
    this.fd = fd;
    this.path = path;
  }

  /**
   * Binds and listens. A socket file that nobody listens at any more is replaced.
   *
   * @throws LinuxException EADDRINUSE if somebody listens there, or the path is another file
   */
  public static UnixListener bind(Path path) throws IOException {
    if (isStaleSocket(path)) {
      Files.delete(path);
    }
    Fd fd = UnixSocket.create();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = UnixSocket.address(path, arena);
      LinuxException.check(
          Libc.syscall(SyscallNumber.BIND, fd.number(), address.address(), address.byteSize()),
          "bind",
          path.toString());
      LinuxException.check(
          Libc.syscall(SyscallNumber.LISTEN, fd.number(), BACKLOG), "listen", path.toString());
      return new UnixListener(fd, path);
    } catch (LinuxException failure) {
      fd.close();
      throw failure;
    }
  }

  private static boolean isStaleSocket(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        || !Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther()) {
      return false;
    }
    try {
      UnixSocket.connect(path).close();
      return false;
    } catch (LinuxException refused) {
      return refused.errno() == Errno.ECONNREFUSED;
    }
  }

  /** {@return its descriptor: readable in a poll when somebody connected} */
  public Fd fd() {
    return fd;
  }

  /** {@return where it listens} */
  public Path path() {
    return path;
  }

  /**
   * {@return the next connection}
   *
   * @throws LinuxException EAGAIN where nobody came in time
   */
  public UnixSocket accept(long milliseconds) throws LinuxException {
    if (!new Poll(fd).await(milliseconds)) {
      throw new LinuxException(
          "accept", Errno.EAGAIN, "nobody connected to " + path + " in " + milliseconds + " ms");
    }
    return new UnixSocket(
        Fd.adopt(
            LinuxException.check(
                Libc.syscall(SyscallNumber.ACCEPT4, fd.number(), 0, 0, SocketAbi.SOCK_CLOEXEC),
                "accept4",
                path.toString())));
  }

  @Override
  public void close() {
    if (!fd.isClosed()) {
      fd.close();
      try {
        Files.deleteIfExists(path);
      } catch (IOException alreadyGone) {
        // The next listener replaces what nobody listens at.
      }
    }
  }
}
