package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Event;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.Region;
import dev.faultscope.model.RegionChange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that change memory, each run by a thread that may have to sleep until an event
 * is read.
 */
public final class MemoryCalls {
  /** What madvise(2) is asked to do. */
  public enum Advice {
    DONTNEED,
    FREE,
    REMOVE,
    POPULATE_READ,
    POPULATE_WRITE,
    COLLAPSE,
    HUGEPAGE
  }

  public static final int FALLOC_KEEP_SIZE = 1;
  public static final int FALLOC_PUNCH_HOLE = 2;

  private final Kernel kernel;
  private final FileCalls files;
  private final List<Region> regions = new ArrayList<>();

  MemoryCalls(Kernel kernel) {
    this.kernel = kernel;
    files = new FileCalls(kernel);
  }

  /**
   * A mapping to be made.
   *
   * @param file what to map, null for anonymous memory
   * @param mayWrite whether it could ever be made writable: false for a shared mapping of a
   *     read-only descriptor
   * @param gpa guest physical address, or {@link Region#NO_GPA}
   */
  public record MapRequest(
      String name,
      @Nullable MemoryFile file,
      long filePage,
      int pages,
      boolean shared,
      boolean writable,
      boolean mayWrite,
      long gpa) {

    public static MapRequest anonymous(String name, int pages) {
      return new MapRequest(name, null, 0, pages, false, true, true, Region.NO_GPA);
    }

    public static MapRequest shared(String name, MemoryFile file, int pages) {
      return new MapRequest(name, file, 0, pages, true, true, true, Region.NO_GPA);
    }
  }

  /** Maps memory and declares its region. {@return its address} */
  public long map(Mm mm, MapRequest request) {
    long bytes = (long) request.pages() * PAGE_BYTES;
    long address = mm.reserve(bytes);
    insert(mm, request, address);
    return address;
  }

  private void insert(Mm mm, MapRequest request, long address) {
    int region = declare(request.name(), address, request.gpa(), request.pages(), backing(request));
    Vma vma =
        new Vma(
            mm,
            address,
            address + (long) request.pages() * PAGE_BYTES,
            request.file(),
            request.filePage(),
            request.shared(),
            request.writable(),
            request.mayWrite(),
            region,
            address);
    mm.insert(vma);
    long cause =
        kernel.journal().region(RegionChange.APPEARED, Event.NONE, vma, vma.start, vma.end, 0);
    kernel.journal().install(Event.NONE, vma, vma.start, vma.end, cause);
  }

  /**
   * Declares guest physical addresses behind which there is no memory, as a region of their own:
   * they are their own addresses in an address space that maps nothing.
   */
  public void device(Mm devices, String name, long gpa, int pages) {
    int region = declare(name, gpa, gpa, pages, Backing.UNKNOWN);
    long end = gpa + (long) pages * PAGE_BYTES;
    devices.insert(new Vma(devices, gpa, end, null, 0, true, false, false, region, gpa));
  }

  private static Backing backing(MapRequest request) {
    MemoryFile file = request.file();
    if (file == null) {
      return Backing.ANON;
    }
    return switch (file.kind()) {
      case MEMFD -> request.shared() ? Backing.MEMFD : Backing.MEMFD_PRIVATE;
      case HUGETLB -> Backing.HUGETLB;
      case GUEST_MEMFD -> Backing.GUEST_MEMFD;
      case REGULAR -> Backing.FILE;
    };
  }

  private int declare(String name, long base, long gpa, int pages, Backing backing) {
    Region region = new Region(kernel.nextRegion(), name, base, gpa, pages, backing, 0, false);
    regions.add(region);
    return kernel.newRegion(region);
  }

  /** Declares the region of a mapping that continues another under a new name. */
  int declareLike(int region, String name, long base, int pages) {
    Region old = regions.get(region);
    return declare(name, base, old.gpaBase(), pages, old.backing());
  }

  String regionName(int region) {
    return regions.get(region).name();
  }

  /** Starts madvise(2). */
  public void madvise(Task task, long start, long bytes, Advice advice) {
    task.cause = 0;
    task.origin = AccessOrigin.KERNEL;
    long length = Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES;
    if (start % PAGE_BYTES != 0 || bytes < 0 || Long.compareUnsigned(start + length, start) < 0) {
      task.end(Task.Ending.FAILED, Errno.EINVAL.number());
      return;
    }
    // Nothing is mapped above; what an address of the kernel's half begins has no end below it.
    long end = start >= 0 && start + length < 0 ? Mm.TASK_SIZE : start + length;
    switch (advice) {
      case POPULATE_READ, POPULATE_WRITE ->
          kernel.begin(task, new PopulateWork(start, end, advice == Advice.POPULATE_WRITE));
      case COLLAPSE -> task.end(Task.Ending.DONE, 0);
      case HUGEPAGE -> {
        for (Vma vma : task.mm().in(start, end)) {
          task.mm().isolate(vma, start, end).huge = vma.isAnonymous();
        }
        task.mm().mergeAround(start, end);
        task.end(Task.Ending.DONE, 0);
      }
      case DONTNEED, FREE, REMOVE -> kernel.begin(task, new MadviseWork(start, end, advice));
    }
  }

  /** Starts munmap(2). */
  public void munmap(Task task, long start, long bytes) {
    task.cause = 0;
    if (!Ranges.isValid(start, bytes)) {
      task.end(Task.Ending.FAILED, Errno.EINVAL.number());
      return;
    }
    List<EventWork.Due> due = new ArrayList<>();
    unmap(task, start, start + bytes, due);
    kernel.begin(task, new EventWork(due));
  }

  private void unmap(Task task, long start, long end, List<EventWork.Due> due) {
    Mm mm = task.mm();
    kernel.hugePages().splitAt(task, mm, start);
    kernel.hugePages().splitAt(task, mm, end);
    kernel.pages().announceUnmap(task, mm, start, end);
    for (Vma vma : mm.in(start, end)) {
      Vma part = mm.isolate(vma, start, end);
      Userfaultfd uffd = part.uffd;
      if (uffd != null
          && uffd.has(UffdFeature.EVENT_UNMAP)
          && due.stream().noneMatch(other -> other.isUnmapOf(uffd))) {
        due.add(new EventWork.Due(uffd, UffdMessage.range(UffdMessage.Event.UNMAP, start, end)));
      }
      drop(task, part);
    }
  }

  private void drop(Task task, Vma vma) {
    for (long page = vma.start; page < vma.end; page += PAGE_BYTES) {
      kernel.pages().unmap(vma, page);
    }
    vma.mm.remove(vma);
    task.cause =
        kernel.journal().gone(HoleKind.UNMAP, task.actor(), vma, vma.start, vma.end, task.cause);
    kernel.journal().region(RegionChange.GONE, task.actor(), vma, vma.start, vma.end, task.cause);
  }

  /**
   * Starts mremap(2) with MREMAP_MAYMOVE and MREMAP_FIXED to another place. Several mappings move
   * together, holes between and behind them included, if none has a userfaultfd (Linux 6.17).
   *
   * @param name what the moved range is called from now on
   * @return its new address, -1 where the call fails; what lies before the mapping that it failed
   *     on has moved
   */
  public long mremap(Task task, long start, long bytes, String name) {
    task.cause = 0;
    if (!Ranges.isValid(start, bytes)) {
      task.end(Task.Ending.FAILED, Errno.EINVAL.number());
      return -1;
    }
    Mm mm = task.mm();
    long end = start + bytes;
    List<Vma> vmas = mm.in(start, end);
    if (vmas.isEmpty() || vmas.getFirst().start > start || movesNothing(vmas.getFirst(), end)) {
      task.end(Task.Ending.FAILED, Errno.EFAULT.number());
      return -1;
    }
    if (!mm.hasRoomFor(bytes)) {
      task.end(Task.Ending.FAILED, Errno.ENOMEM.number());
      return -1;
    }
    long to = mm.reserve(bytes);
    int region = declareLike(vmas.getFirst().region, name, to, (int) (bytes / PAGE_BYTES));
    List<EventWork.Due> due = new ArrayList<>();
    for (Vma vma : vmas) {
      if (vma != vmas.getFirst() && vma.uffd != null) {
        task.end(Task.Ending.FAILED, Errno.EFAULT.number());
        return -1;
      }
      long from = Math.max(vma.start, start);
      move(task, vma, from, Math.min(vma.end, end), to - start + from, region, to, due);
    }
    kernel.begin(task, new EventWork(due));
    return to;
  }

  /** A mapping with a userfaultfd moves alone: the event needs the lock that the next one needs. */
  private static boolean movesNothing(Vma first, long end) {
    return first.uffd != null && first.end < end;
  }

  private void move(
      Task task,
      Vma vma,
      long from,
      long end,
      long to,
      int region,
      long regionStart,
      List<EventWork.Due> due) {
    Mm mm = task.mm();
    long bytes = end - from;
    Vma moved = vma.like(mm, to, to + bytes, vma.filePageOf(from), region, regionStart);
    moved.anonVma = vma.anonVma;
    Userfaultfd uffd = vma.uffd;
    boolean follows = uffd != null && uffd.has(UffdFeature.EVENT_REMAP);
    if (uffd != null && follows) {
      moved.uffd = uffd;
      moved.modes = vma.modes;
      due.add(new EventWork.Due(uffd, UffdMessage.remap(from, to, bytes)));
    }
    mm.insert(moved);
    kernel.hugePages().splitAt(task, mm, from);
    kernel.hugePages().splitAt(task, mm, end);
    kernel.pages().announceUnmap(task, mm, from, end);
    for (long at = 0; at < bytes; at += PAGE_BYTES) {
      int pte = mm.pte(from + at);
      if (mm.hasTableFor(from + at)) {
        mm.tableFor(to + at);
      }
      mm.pte(from + at, Pte.NONE);
      mm.pte(to + at, follows ? pte : pte & ~(Pte.UFFD_WP | Pte.MARKER_WP));
    }
    task.cause =
        kernel
            .journal()
            .region(RegionChange.APPEARED, task.actor(), moved, to, to + bytes, task.cause);
    kernel.journal().install(task.actor(), moved, to, to + bytes, task.cause);
    unmap(task, from, end, due);
  }

  /**
   * Starts mprotect(2): a range may be written, or only read, from now on. Whoever caches its pages
   * must ask again, whatever it was before. It fails where memory could never be written, and where
   * a part is not mapped; what lies before that is done.
   */
  public void mprotect(Task task, long start, long bytes, boolean writable) {
    task.cause = 0;
    Errno errno =
        Ranges.isValid(start, bytes) ? protect(task, start, bytes, writable) : Errno.EINVAL;
    task.end(errno == Errno.OK ? Task.Ending.DONE : Task.Ending.FAILED, errno.number());
  }

  private Errno protect(Task task, long start, long bytes, boolean writable) {
    Mm mm = task.mm();
    long end = start + bytes;
    long at = start;
    Errno errno = Errno.OK;
    for (Vma vma : mm.in(start, end)) {
      if (errno == Errno.OK && vma.start > at) {
        errno = Errno.ENOMEM;
      } else if (errno == Errno.OK && writable && !vma.mayWrite) {
        errno = Errno.EACCES;
      }
      if (errno == Errno.OK) {
        at = vma.end;
        if (vma.writable != writable) {
          protect(task, mm.isolate(vma, start, end), writable);
        }
      }
    }
    mm.mergeAround(start, end);
    return errno == Errno.OK && at < end ? Errno.ENOMEM : errno;
  }

  private void protect(Task task, Vma vma, boolean writable) {
    kernel.hugePages().splitAt(task, vma.mm, vma.start);
    kernel.hugePages().splitAt(task, vma.mm, vma.end);
    kernel.pages().announceUnmap(task, vma.mm, vma.start, vma.end);
    vma.writable = writable;
    for (long page = vma.start; page < vma.end; page += PAGE_BYTES) {
      int pte = vma.mm.pte(page);
      boolean lifts = writable && kernel.mayWriteAtOnce(vma, page, pte);
      if (Pte.isPresent(pte)) {
        vma.mm.pte(page, lifts ? pte | Pte.WRITABLE : pte & ~Pte.WRITABLE);
      }
    }
    kernel.journal().install(task.actor(), vma, vma.start, vma.end, task.cause);
  }

  /** Starts fork(2). {@return the child's address space} */
  public Mm fork(Task task, String childName) {
    task.cause = 0;
    return new Fork(kernel, task, childName).run();
  }

  /** Ends every thread of a process and takes its memory away. */
  public void exit(Mm mm) {
    for (Task task : kernel.tasks()) {
      if (task.mm() == mm && task.state() != Task.State.EXITED) {
        kernel.kill(task);
      }
    }
    kernel.pages().announceUnmap(null, mm, 0, Mm.TASK_SIZE);
    for (Vma vma : mm.all()) {
      for (long page = vma.start; page < vma.end; page += PAGE_BYTES) {
        kernel.pages().unmap(vma, page);
      }
      mm.remove(vma);
      long cause = kernel.journal().gone(HoleKind.UNMAP, Event.NONE, vma, vma.start, vma.end, 0);
      kernel.journal().region(RegionChange.GONE, Event.NONE, vma, vma.start, vma.end, cause);
    }
    mm.die();
  }

  // Files

  /**
   * fallocate(2): allocates, or with {@link #FALLOC_PUNCH_HOLE} frees. No userfaultfd is told.
   *
   * @param offset of the range in the file, in bytes
   */
  public Errno fallocate(Task caller, MemoryFile file, int mode, long offset, long bytes) {
    return files.fallocate(caller, file, mode, offset, bytes);
  }

  /**
   * Puts bytes into a file's page as write(2) does, from {@code from} to {@code to} within the
   * page. An absent page enters the cache before its bytes are there.
   *
   * @return EINVAL beyond the end, EEXIST where the kernel has no address for the page
   */
  public Errno write(Task caller, MemoryFile file, long page, int from, int to, int value) {
    return files.write(caller, file, page, from, to, value);
  }

  /** Fills a page of a file before anything runs, by no call that anybody makes. */
  public void populate(Task owner, MemoryFile file, long page, int value) {
    files.populate(owner, file, page, value);
  }

  /**
   * Converts pages of a guest_memfd in place.
   *
   * @return -1 on success, else the first page that is still in use (EAGAIN)
   */
  public long convert(Task caller, MemoryFile file, long page, long pages, boolean toPrivate) {
    return files.convert(caller, file, page, pages, toPrivate);
  }

  FileCalls files() {
    return files;
  }
}
