package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.MINOR;
import static dev.faultscope.model.Region.MISSING;
import static dev.faultscope.model.Region.PAGE_BYTES;
import static dev.faultscope.model.Region.WP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.CallResult;
import dev.faultscope.model.Errno;
import dev.faultscope.model.PageEffect;
import dev.faultscope.model.PageState;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.simulation.kernel.MemoryCalls.Advice;
import dev.faultscope.simulation.kernel.MemoryCalls.MapRequest;
import dev.faultscope.timeline.UnkeptRecording;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The table: every ioctl, with every mode, on every kind of memory in every state and registration,
 * on every kernel. The simulated kernel makes the call; {@link PageEffect}, told no more than a
 * handler is told, must say what the kernel's journal recorded.
 */
class PageEffectTableTest {
  /** Pages, or huge pages, of the memory, of the range that is asked for, and where that begins. */
  private static final int UNITS = 4;

  private static final int FIRST = 1;
  private static final int COUNT = 2;

  /** What became of a page of the range before the call. */
  private enum Before {
    NOTHING,
    CACHED,
    ALL_CACHED,
    ALLOCATED,
    READ,
    WRITTEN,
    PROTECTED,
    MARKED,
    POISONED,
    BAD_FOLIO,
    FAILED,
    SLEPT_ON,
    SLEPT_ON_AND_READ,
    SLEPT_ON_TWICE,
    SLEPT_ON_AND_FAILED,
    WRITE_SLEPT_ON,
    BEYOND_THE_END,
    GIVEN_BACK,
    GIVING_BACK,
    PROCESS_GONE
  }

  private record Kind(Backing backing, GmemProfile gmem, boolean genericContinue) {}

  private static List<Kind> kinds(Backing backing) {
    return switch (backing) {
      case GUEST_MEMFD ->
          Arrays.stream(GmemProfile.values()).map(gmem -> new Kind(backing, gmem, false)).toList();
      case MEMFD, MEMFD_PRIVATE ->
          Stream.of(false, true)
              .map(generic -> new Kind(backing, GmemProfile.MAINLINE, generic))
              .toList();
      default -> List.of(new Kind(backing, GmemProfile.MAINLINE, false));
    };
  }

  /** A huge page is 512, so that fewer registrations of it are tried. */
  private static int[] registrations(Backing backing) {
    return backing == Backing.HUGETLB
        ? new int[] {0, MINOR, MISSING | WP | MINOR}
        : IntStream.rangeClosed(0, MISSING | WP | MINOR).toArray();
  }

  @ParameterizedTest
  @EnumSource(names = {"ANON", "MEMFD", "MEMFD_PRIVATE", "HUGETLB", "GUEST_MEMFD"})
  void effectIsWhatTheKernelRecorded(Backing backing) {
    Set<String> met = new TreeSet<>();
    for (Kind kind : kinds(backing)) {
      for (int modes : registrations(backing)) {
        for (Before before : Before.values()) {
          for (int unit = 0; unit < COUNT; unit++) {
            tryAll(new Case(kind, modes, before, unit, false), met);
            if (backing == Backing.ANON && (modes & WP) != 0) {
              tryAll(new Case(kind, modes, before, unit, true), met);
            }
          }
        }
      }
    }

    assertThat(met).containsAll(expected(backing));
  }

  private static void tryAll(Case given, Set<String> met) {
    for (UffdIoctl ioctl : UffdIoctl.values()) {
      // One bit more than it has.
      for (long mode = 0; mode <= ioctl.allModes() + 1; mode++) {
        Errno errno = new Trial(given).compare(ioctl, mode);
        met.add(ioctl + " " + errno);
      }
    }
  }

  /** Without these the table would pass by being empty. */
  private static Set<String> expected(Backing backing) {
    Set<String> all =
        new TreeSet<>(
            Set.of(
                "COPY ENOENT",
                "COPY EINVAL",
                "COPY ESRCH",
                "POISON OK",
                "POISON EEXIST",
                "POISON EAGAIN",
                "REGISTER OK",
                "UNREGISTER OK",
                "WAKE OK",
                "WAKE EINVAL",
                "UNKNOWN EINVAL",
                "API EINVAL"));
    switch (backing) {
      case ANON ->
          all.addAll(
              Set.of(
                  "COPY OK",
                  "COPY EEXIST",
                  "COPY EAGAIN",
                  "ZEROPAGE OK",
                  "ZEROPAGE EEXIST",
                  "CONTINUE EINVAL",
                  "MOVE OK",
                  "MOVE EEXIST",
                  "MOVE EAGAIN",
                  "WRITEPROTECT OK"));
      case MEMFD, MEMFD_PRIVATE ->
          all.addAll(
              Set.of(
                  "COPY OK",
                  "COPY EEXIST",
                  "COPY EFAULT",
                  "ZEROPAGE OK",
                  "CONTINUE OK",
                  "CONTINUE EEXIST",
                  "CONTINUE EFAULT",
                  "CONTINUE EINVAL",
                  "CONTINUE EAGAIN",
                  "CONTINUE EIO",
                  "MOVE EINVAL",
                  "WRITEPROTECT OK"));
      case HUGETLB ->
          all.addAll(
              Set.of(
                  "COPY OK", "ZEROPAGE EINVAL", "CONTINUE OK", "CONTINUE EFAULT", "MOVE EINVAL"));
      case GUEST_MEMFD ->
          all.addAll(Set.of("COPY OK", "CONTINUE OK", "CONTINUE EFAULT", "COPY EEXIST"));
      case UNKNOWN, FILE -> throw new IllegalArgumentException(backing.name());
    }
    return all;
  }

  private record Case(Kind kind, int modes, Before before, int unit, boolean marks) {}

  /** One kernel, driven to a state, and one call. */
  private static final class Trial {
    private final Case given;
    private final UnkeptRecording recording = new UnkeptRecording();
    private final Kernel kernel;
    private final Mm mm;
    private final Task handler;
    private final Task first;
    private final Task second;
    private final Userfaultfd uffd;
    private final long unitBytes;
    private final long base;
    private final long source;
    private final MemoryFile file;

    Trial(Case given) {
      this.given = given;
      Kind kind = given.kind();
      kernel =
          new Kernel(
              KernelConfig.mainline()
                  .withGmem(kind.gmem())
                  .withGenericContinue(kind.genericContinue()),
              recording,
              new SimClock(),
              1);
      mm = kernel.newProcess("main");
      handler = kernel.newTask("handler", ActorKind.HANDLER, -1, mm);
      first = kernel.newTask("first", ActorKind.THREAD, -1, mm);
      second = kernel.newTask("second", ActorKind.THREAD, -1, mm);
      unitBytes =
          kind.backing() == Backing.HUGETLB
              ? (long) MemoryFile.HUGE_PAGES * PAGE_BYTES
              : PAGE_BYTES;
      int pages = (int) (UNITS * unitBytes / PAGE_BYTES);
      long end =
          given.before() == Before.BEYOND_THE_END
              ? (FIRST + given.unit()) * unitBytes
              : UNITS * unitBytes;
      file =
          kernel.newFile(
              switch (kind.backing()) {
                case HUGETLB -> MemoryFile.Kind.HUGETLB;
                case GUEST_MEMFD -> MemoryFile.Kind.GUEST_MEMFD;
                default -> MemoryFile.Kind.MEMFD;
              },
              "file",
              end);
      base =
          kernel
              .memory()
              .map(
                  mm,
                  switch (kind.backing()) {
                    case ANON -> MapRequest.anonymous("memory", pages);
                    case MEMFD_PRIVATE ->
                        new MapRequest("memory", file, 0, pages, false, true, true, -1);
                    default -> MapRequest.shared("memory", file, pages);
                  });
      source = kernel.memory().map(mm, MapRequest.anonymous("source", 2 * UNITS));
      uffd = Objects.requireNonNull(kernel.uffd().open("u", mm, Userfaultfd.NONBLOCK).uffd());
      kernel
          .uffd()
          .api(
              handler,
              uffd,
              0xaa,
              (given.marks() ? UffdFeature.WP_UNPOPULATED : 0)
                  | (given.before() == Before.GIVING_BACK ? UffdFeature.EVENT_REMOVE : 0));
      // Of the source every second page is there: a hole stops a MOVE of two.
      write(first, source);
      prepare();
    }

    private long start() {
      return base + FIRST * unitBytes;
    }

    private long at() {
      return start() + given.unit() * unitBytes;
    }

    private void write(Task task, long address) {
      kernel.access(task, address, true, 7, AccessOrigin.USER);
    }

    private void read(Task task, long address) {
      kernel.access(task, address, false, 0, AccessOrigin.USER);
    }

    private void register() {
      if (given.modes() != 0) {
        kernel.uffd().register(handler, uffd, base, UNITS * unitBytes, given.modes());
      }
    }

    private void fillFile(long address) {
      if (given.kind().backing() != Backing.ANON) {
        int page = (int) ((address - base) / PAGE_BYTES);
        for (int i = 0; i < unitBytes / PAGE_BYTES; i++) {
          kernel.memory().write(handler, file, page + i, 0, (int) PAGE_BYTES, 9);
        }
      }
    }

    private void prepare() {
      switch (given.before()) {
        case NOTHING, BEYOND_THE_END -> register();
        case CACHED -> {
          fillFile(at());
          register();
        }
        case ALL_CACHED -> {
          fillFile(start());
          fillFile(start() + unitBytes);
          register();
        }
        case ALLOCATED -> {
          kernel.memory().fallocate(handler, file, 0, at() - base, unitBytes);
          register();
        }
        case READ -> {
          read(first, at());
          register();
        }
        case WRITTEN -> {
          write(first, at());
          register();
        }
        case PROTECTED -> {
          write(first, at());
          register();
          kernel.uffd().writeProtect(handler, uffd, at(), unitBytes, 1);
        }
        case MARKED -> {
          register();
          kernel.uffd().writeProtect(handler, uffd, at(), unitBytes, 1);
        }
        case POISONED -> {
          register();
          kernel.uffd().fill(handler, uffd, FillRequest.of(UffdIoctl.POISON, at(), unitBytes, 0));
        }
        case BAD_FOLIO -> {
          fillFile(at());
          register();
          int folio = file.folio((at() - base) / PAGE_BYTES);
          if (folio > 0) {
            kernel.folios().hwpoison(folio);
          }
        }
        case FAILED -> {
          write(first, at());
          register();
          kernel.uffd().fill(handler, uffd, FillRequest.copyOf(1, at(), unitBytes, 0));
        }
        case SLEPT_ON -> {
          fillFileForMinor();
          register();
          write(first, at());
        }
        case SLEPT_ON_AND_READ -> {
          fillFileForMinor();
          register();
          write(first, at());
          kernel.uffd().read(handler, uffd, UffdMessage.BYTES);
        }
        case SLEPT_ON_TWICE -> {
          fillFileForMinor();
          register();
          write(first, at());
          kernel.uffd().read(handler, uffd, UffdMessage.BYTES);
          read(second, at());
        }
        case SLEPT_ON_AND_FAILED -> {
          register();
          write(first, at());
          kernel.uffd().fill(handler, uffd, FillRequest.resume(at(), unitBytes, 0));
        }
        case WRITE_SLEPT_ON -> {
          write(first, at());
          register();
          kernel.uffd().writeProtect(handler, uffd, at(), unitBytes, 1);
          write(first, at());
        }
        case GIVEN_BACK -> {
          write(first, at());
          register();
          kernel.memory().madvise(first, at(), unitBytes, Advice.DONTNEED);
        }
        case GIVING_BACK -> {
          register();
          kernel.memory().madvise(first, at(), unitBytes, Advice.DONTNEED);
        }
        case PROCESS_GONE -> {
          register();
          kernel.memory().exit(mm);
        }
      }
    }

    private void fillFileForMinor() {
      if ((given.modes() & MINOR) != 0) {
        fillFile(at());
      }
    }

    private int state(int page) {
      int firstPage = (int) ((start() - base) / PAGE_BYTES);
      return recording.stateOf(0, firstPage + page);
    }

    Errno compare(UffdIoctl ioctl, long mode) {
      int pages = (int) (COUNT * unitBytes / PAGE_BYTES);
      int[] before = IntStream.range(0, pages).map(this::state).toArray();
      PageEffect.Memory memory = memory();
      IoctlResult answer = call(ioctl, mode);
      long field = answer.field() == IoctlResult.UNTOUCHED ? 0 : answer.field();
      CallResult result = CallResult.of(ioctl, pages, answer.errno().number(), field);
      int[] told = before.clone();
      int[] unknown = new int[pages];
      for (PageEffect.Run run : PageEffect.over(ioctl, mode, result, memory, i -> before[i])) {
        for (int page = run.first(); page < run.end(); page++) {
          told[page] = run.effect().on(told[page]);
          unknown[page] |= run.effect().unknown();
        }
      }
      for (int page = 0; page < pages; page++) {
        int recorded = state(page);
        if ((recorded & ~unknown[page]) != (told[page] & ~unknown[page])) {
          assertThat(PageState.describe(told[page]))
              .as(
                  "%s, then %s %s answers %s: page %d, %s before",
                  given,
                  ioctl,
                  ioctl.modeNames(mode),
                  answer,
                  page,
                  PageState.describe(before[page]))
              .isEqualTo(PageState.describe(recorded));
        }
      }
      return answer.errno();
    }

    private PageEffect.Memory memory() {
      Kind kind = given.kind();
      Vma vma = mm.find(start());
      boolean allocates =
          switch (kind.backing()) {
            case GUEST_MEMFD -> kind.gmem() == GmemProfile.FULL_MINOR;
            case MEMFD, MEMFD_PRIVATE -> kind.genericContinue();
            default -> false;
          };
      return new PageEffect.Memory(
          kind.backing(),
          vma == null ? 0 : vma.modes,
          new PageEffect.Kernel(allocates, given.marks()));
    }

    private IoctlResult call(UffdIoctl ioctl, long mode) {
      long bytes = COUNT * unitBytes;
      UffdCalls calls = kernel.uffd();
      return switch (ioctl) {
        case REGISTER -> calls.register(handler, uffd, start(), bytes, mode);
        case UNREGISTER -> calls.unregister(handler, uffd, start(), bytes);
        case WAKE -> calls.wake(handler, uffd, start(), mode == 0 ? bytes : 0);
        case COPY -> calls.fill(handler, uffd, FillRequest.copyOf(5, start(), bytes, mode));
        case ZEROPAGE -> calls.fill(handler, uffd, FillRequest.zeropage(start(), bytes, mode));
        case CONTINUE -> calls.fill(handler, uffd, FillRequest.resume(start(), bytes, mode));
        case POISON ->
            calls.fill(handler, uffd, FillRequest.of(UffdIoctl.POISON, start(), bytes, mode));
        case MOVE -> calls.move(handler, uffd, start(), source, bytes, mode);
        case WRITEPROTECT -> calls.writeProtect(handler, uffd, start(), bytes, mode);
        case API ->
            new IoctlResult(calls.api(handler, uffd, 0xaa, 0).errno(), IoctlResult.UNTOUCHED);
        case UNKNOWN -> calls.unknown(handler, uffd);
      };
    }
  }
}
