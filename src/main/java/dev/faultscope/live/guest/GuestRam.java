package dev.faultscope.live.guest;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.GuestMemfd;
import dev.faultscope.linux.GuestMemory;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.Memfd;
import dev.faultscope.linux.Vm;
import dev.faultscope.live.guest.GuestOptions.GuestBacking;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One mapping of guest memory and what it is made of. */
final class GuestRam implements AutoCloseable {
  private final GuestMemory memory;
  private final @Nullable Memfd memfd;
  private final @Nullable GuestMemfd guestMemfd;

  private GuestRam(GuestMemory memory, @Nullable Memfd memfd, @Nullable GuestMemfd guestMemfd) {
    this.memory = memory;
    this.memfd = memfd;
    this.guestMemfd = guestMemfd;
  }

  /**
   * Makes memory.
   *
   * @param vm the virtual machine that a guest_memfd belongs to
   */
  static GuestRam make(GuestBacking backing, long bytes, @Nullable Vm vm) throws LinuxException {
    return switch (backing) {
      case ANON -> new GuestRam(GuestMemory.anonymous(bytes), null, null);
      case HUGETLB -> new GuestRam(GuestMemory.huge(bytes), null, null);
      case MEMFD -> {
        Memfd file = Memfd.create("guest-ram", bytes);
        yield new GuestRam(file.mapAsGuest(), file, null);
      }
      case GUEST_MEMFD -> {
        if (vm == null) {
          throw new IllegalArgumentException("a guest_memfd needs a virtual machine");
        }
        GuestMemfd file = vm.createGuestMemfd(bytes, GuestMemfd.MMAP | GuestMemfd.INIT_SHARED);
        yield new GuestRam(file.mapAsGuest(), null, file);
      }
    };
  }

  GuestMemory memory() {
    return memory;
  }

  Optional<GuestMemfd> guestMemfd() {
    return Optional.ofNullable(guestMemfd);
  }

  /** {@return what to send along, so that the handler can map the memory's page cache} */
  Optional<Fd> file() {
    if (memfd != null) {
      return Optional.of(memfd.fd());
    }
    return guestMemfd().map(GuestMemfd::fd);
  }

  /** {@return a second view, unregistered, to fill the page cache through} */
  Mapping alias() throws LinuxException {
    if (memfd != null) {
      return memfd.map();
    }
    if (guestMemfd != null) {
      return guestMemfd.map();
    }
    throw new IllegalStateException("private memory has no second view");
  }

  @Override
  public void close() {
    memory.close();
    if (memfd != null) {
      memfd.close();
    }
    if (guestMemfd != null) {
      guestMemfd.close();
    }
  }
}
