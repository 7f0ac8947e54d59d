package dev.faultscope.live.engine;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.remote.RemoteCalls;
import dev.faultscope.linux.remote.RemoteThread;
import dev.faultscope.model.Backing;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The mappings of a script, and the files behind them. */
final class LiveMemory {
  private static final long ALIGNMENT = 2 << 20;
  private static final long MOST_COPIED = 16L << 30;

  private final ScriptProcess machine;
  private final RemoteCalls calls;
  private final Map<String, Long> addresses = new HashMap<>();
  private final Map<String, Integer> files = new HashMap<>();
  private long next = ScriptProcess.MEMORY;
  private int vm = -1;
  private long copySource = -1;
  private long copySourceBytes;

  LiveMemory(ScriptProcess machine) throws IOException {
    this.machine = machine;
    calls = new RemoteCalls(machine.handler());
  }

  /** {@return room for a mapping, with nothing mapped behind it} */
  private long reserve(long bytes) {
    long address = next;
    next = (next + bytes + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return address;
  }

  void map(MemorySpec spec) throws IOException {
    long bytes = (long) spec.pages() * PAGE_BYTES;
    long address = reserve(bytes);
    if (spec.backing() == Backing.ANON) {
      calls.mapAnonymous(address, bytes);
    } else {
      boolean own = spec.of() == null;
      int fd = own ? create(spec) : file(Objects.requireNonNull(spec.of()));
      files.put(spec.name(), fd);
      if (own && spec.fill() != MemorySpec.ABSENT) {
        fill(fd, spec);
      }
      int mapped = spec.readOnlyFile() ? reopenReadOnly(fd) : fd;
      boolean writable = !spec.readOnlyFile() || spec.privately();
      long at =
          calls.mapFile(
              address, bytes, mapped, spec.filePage() * PAGE_BYTES, !spec.privately(), writable);
      if (at < 0) {
        throw new LinuxException(
            "mmap",
            (int) -at,
            spec.backing() == Backing.HUGETLB
                ? "no huge pages are reserved; see /proc/sys/vm/nr_hugepages"
                : spec.name());
      }
    }
    addresses.put(spec.name(), address);
  }

  private int create(MemorySpec spec) throws IOException {
    long bytes = (long) spec.filePages() * PAGE_BYTES;
    return switch (spec.backing()) {
      case MEMFD, MEMFD_PRIVATE -> calls.memfd(spec.name(), bytes, false);
      case HUGETLB -> calls.memfd(spec.name(), bytes, true);
      case GUEST_MEMFD -> {
        long fd = calls.createGuestMemfd(vm(), bytes, spec.gmemShared() ? 3 : 1);
        if (fd < 0) {
          throw new LinuxException("KVM_CREATE_GUEST_MEMFD", (int) -fd, spec.name());
        }
        yield (int) fd;
      }
      case FILE -> ordinaryFile(bytes);
      case ANON, UNKNOWN -> throw new IllegalArgumentException(spec.backing() + " has no file");
    };
  }

  /** A virtual machine, for the guest_memfds of this script. */
  int vm() throws LinuxException {
    if (vm < 0) {
      vm = calls.createVm();
    }
    return vm;
  }

  private int ordinaryFile(long bytes) throws IOException {
    Path path = Files.createTempFile("faultscope", ".mem");
    try {
      if (Files.getFileStore(path).type().equals("tmpfs")) {
        throw new LinuxException(
            "open", 95, path.getParent() + " is a tmpfs, whose files are shared memory");
      }
      long fd = calls.open(path, true);
      if (fd < 0) {
        throw new LinuxException("open", (int) -fd, path.toString());
      }
      calls.truncate((int) fd, bytes);
      return (int) fd;
    } finally {
      Files.delete(path);
    }
  }

  private int reopenReadOnly(int fd) throws IOException {
    long again = calls.open(Path.of("/proc/self/fd", "" + fd), false);
    if (again < 0) {
      throw new LinuxException("open", (int) -again, "/proc/self/fd/" + fd);
    }
    return (int) again;
  }

  /** Through a mapping of our own, which nobody registers, and which is gone afterwards. */
  private void fill(int fd, MemorySpec spec) throws IOException {
    try (Fd ours = machine.process().duplicate(fd);
        Mapping bytes = Mapping.shared(ours, 0, (long) spec.filePages() * PAGE_BYTES)) {
      for (long page = 0; page < spec.filePages(); page++) {
        bytes.fill(page * PAGE_BYTES, PAGE_BYTES, (byte) spec.fillOf(page));
      }
    }
  }

  long address(Place place) {
    String memory = place.memory();
    return memory == null
        ? place.offset()
        : Objects.requireNonNull(addresses.get(memory), memory) + place.offset();
  }

  /** {@return the descriptor, in the remote process, of the file behind a mapping} */
  int file(String memory) {
    Integer fd = files.get(memory);
    if (fd == null) {
      throw new IllegalStateException(memory + " is anonymous memory, it has no file");
    }
    return fd;
  }

  /** Finds a new place for a range that mremap(2) moves. {@return its address} */
  long placeFor(String as, long bytes, Place from) {
    long address = reserve(bytes);
    addresses.put(as, address);
    Integer fd = from.memory() == null ? null : files.get(from.memory());
    if (fd != null) {
      files.put(as, fd);
    }
    return address;
  }

  /**
   * {@return the address of this many bytes of one value, for a COPY to read; of a page where it
   * asks for more than any mapping of a script has}
   */
  long copySource(int value, long asked) throws LinuxException, IOException {
    long bytes = asked > MOST_COPIED ? PAGE_BYTES : Math.max(asked, PAGE_BYTES);
    if (bytes > copySourceBytes) {
      copySourceBytes = Math.max(bytes, 16 * PAGE_BYTES);
      copySource = reserve(copySourceBytes);
      calls.mapAnonymous(copySource, copySourceBytes);
    }
    RemoteThread handler = machine.handler();
    handler.beginFill(copySource, value, bytes);
    handler.awaitRest();
    return copySource;
  }

  /**
   * Memory that both processes may touch at any time.
   *
   * @param theirs its address over there
   * @param ours the same bytes here; its owner closes it
   */
  record Shared(long theirs, Mapping ours) {}

  /** Makes such memory, with every page mapped over there. */
  Shared share(long bytes) throws IOException {
    int file = calls.memfd("shared", bytes, false);
    long address = reserve(bytes);
    long mapped = calls.mapFile(address, bytes, file, 0, true, true);
    if (mapped < 0) {
      throw new LinuxException("mmap", (int) -mapped, bytes + " bytes to share");
    }
    // Now, so that no fault of a workload is but one of its memory.
    calls.populate(address, bytes);
    try (Fd ours = machine.process().duplicate(file)) {
      return new Shared(address, Mapping.shared(ours, 0, bytes));
    }
  }

  /** {@return the address of a list of numbers of 4 bytes} */
  long list(int[] numbers) throws IOException {
    Shared shared = share(Math.max(4L * numbers.length, PAGE_BYTES));
    try (Mapping ours = shared.ours()) {
      for (int i = 0; i < numbers.length; i++) {
        ours.putInt(4L * i, numbers[i]);
      }
    }
    return shared.theirs();
  }
}
