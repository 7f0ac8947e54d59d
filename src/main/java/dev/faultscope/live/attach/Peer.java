package dev.faultscope.live.attach;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.Fd;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.PeerCredentials;
import dev.faultscope.linux.PidFd;
import dev.faultscope.linux.UnixSocket;
import dev.faultscope.linux.Userfaultfd;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process whose userfaultfd and layout of memory are known: as a rule it sent them. Owns every
 * descriptor received.
 */
public final class Peer implements AutoCloseable {
  private static final int ATTEMPTS = 5;

  private final @Nullable UnixSocket socket;
  private final PeerCredentials credentials;
  private final @Nullable PidFd process;
  private final Userfaultfd uffd;
  private final List<Fd> files;
  private final List<GuestRegion> regions;

  private Peer(
      @Nullable UnixSocket socket,
      PeerCredentials credentials,
      @Nullable PidFd process,
      Userfaultfd uffd,
      List<Fd> files,
      List<GuestRegion> regions) {
    this.socket = socket;
    this.credentials = credentials;
    this.process = process;
    this.uffd = uffd;
    this.files = files;
    this.regions = regions;
  }

  /**
   * Receives the handshake.
   *
   * @param socket an accepted connection; closed with the peer, or here if there is none
   * @param milliseconds how long to wait for the message
   */
  public static Peer greet(UnixSocket socket, long milliseconds) throws IOException {
    UnixSocket.@Nullable Received received = null;
    try {
      PeerCredentials credentials = socket.peer();
      received = receive(socket, milliseconds);
      List<GuestRegion> regions = check(received);
      Userfaultfd uffd = Userfaultfd.adopt(received.descriptors().getFirst());
      if (!uffd.fd().isNonBlocking()) {
        throw new HandshakeException(
            "the userfaultfd received is in blocking mode, in which it cannot be polled; the peer"
                + " should open it with O_NONBLOCK");
      }
      List<Fd> files = received.descriptors();
      return new Peer(
          socket, credentials, hold(credentials), uffd, files.subList(1, files.size()), regions);
    } catch (IOException | RuntimeException failure) {
      if (received != null) {
        received.descriptors().forEach(Fd::close);
      }
      socket.close();
      throw failure;
    }
  }

  /**
   * {@return a process of our own as a peer, without a handshake}
   *
   * @param uffd its non-blocking userfaultfd, opened here; closed with the peer
   */
  public static Peer own(int pid, Userfaultfd uffd, List<GuestRegion> regions)
      throws LinuxException {
    PeerCredentials ours = new PeerCredentials(pid, 0, 0);
    return new Peer(null, ours, new PidFd(pid), uffd, List.of(), List.copyOf(regions));
  }

  /**
   * {@return a process whose userfaultfd was taken out of it}; everything is closed with the peer.
   */
  public static Peer taken(
      PidFd process, PeerCredentials credentials, Userfaultfd uffd, List<GuestRegion> regions) {
    return new Peer(null, credentials, process, uffd, List.of(), List.copyOf(regions));
  }

  /** Some peers send an empty message first; it is asked again, as every handler does. */
  private static UnixSocket.Received receive(UnixSocket socket, long milliseconds)
      throws IOException {
    long deadline = System.nanoTime() + milliseconds * 1_000_000;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
      UnixSocket.Received received;
      try {
        received = socket.receive(Handshake.MOST_BYTES, left);
      } catch (LinuxException failure) {
        throw failure.errno() == Errno.EAGAIN
            ? new HandshakeException("the peer sent nothing in " + milliseconds + " ms", failure)
            : failure;
      }
      if (received.bytes().length > 0) {
        return received;
      }
      received.descriptors().forEach(Fd::close);
    }
    throw new HandshakeException("the peer closed the connection without a message");
  }

  private static List<GuestRegion> check(UnixSocket.Received received) throws HandshakeException {
    if (received.truncated() || received.bytes().length == Handshake.MOST_BYTES) {
      throw new HandshakeException(
          "the peer's message has more than " + Handshake.MOST_BYTES + " bytes");
    }
    if (received.descriptorsLost()) {
      throw new HandshakeException("descriptors were lost on the way (MSG_CTRUNC)");
    }
    if (received.descriptors().isEmpty()) {
      throw new HandshakeException("the message came without a userfaultfd");
    }
    return Handshake.parse(received.bytes());
  }

  private static @Nullable PidFd hold(PeerCredentials credentials) throws LinuxException {
    // 0 is a process outside our pid namespace: its end cannot be seen, only met.
    return credentials.pid() == 0 ? null : new PidFd(credentials.pid());
  }

  /** {@return who it is} */
  public PeerCredentials credentials() {
    return credentials;
  }

  /** {@return the process, to see its end; empty where it lives in a foreign pid namespace} */
  public Optional<PidFd> process() {
    return Optional.ofNullable(process);
  }

  /** {@return its userfaultfd} */
  public Userfaultfd uffd() {
    return uffd;
  }

  /** {@return what else it sent, e.g. the memfd behind its memory} */
  public List<Fd> files() {
    return files;
  }

  /** {@return its memory} */
  public List<GuestRegion> regions() {
    return regions;
  }

  /** {@return the process's name, or its number where it cannot be read} */
  public String name() {
    return ThreadNames.ofProcess(credentials.pid());
  }

  @Override
  public void close() {
    uffd.close();
    files.forEach(Fd::close);
    if (process != null) {
      process.close();
    }
    if (socket != null) {
      socket.close();
    }
  }
}
