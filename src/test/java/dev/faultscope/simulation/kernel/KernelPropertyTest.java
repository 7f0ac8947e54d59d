package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.MINOR;
import static dev.faultscope.model.Region.MISSING;
import static dev.faultscope.model.Region.PAGE_BYTES;
import static dev.faultscope.model.Region.WP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.simulation.kernel.MemoryCalls.Advice;
import dev.faultscope.simulation.kernel.MemoryCalls.MapRequest;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of everything a program can do, each call followed by every invariant; then a
 * fair handler, after which nobody may be left asleep (I1). {@code -Dfaultscope.sequences=10000}
 * runs more of them.
 */
class KernelPropertyTest {
  private static final int SEQUENCES = Integer.getInteger("faultscope.sequences", 200);
  private static final int CALLS = 120;
  private static final int PAGES = 8;
  private static final int FAIR_ROUNDS = 400;

  @TempDir Path folder;

  @Test
  void invariantsHoldAfterEveryCallAndAFairHandlerLeavesNobodyAsleep() {
    Seeds.forEach(SEQUENCES, this::runOne);
  }

  private void runOne(long seed) throws IOException {
    TimelineInfo info = new TimelineInfo("random", "simulation", 0);
    try (RecordingFile recording = RecordingFile.create(folder.resolve("r.fscope"), info)) {
      new Machine(new Random(seed), recording).run();
    }
  }

  /** A process with memory of every kind, two userfaultfds and a few threads. */
  private static final class Machine {
    private final RandomGenerator random;
    private final Kernel kernel;
    private final Mm mm;
    private final Task handler;
    private final List<Task> threads = new ArrayList<>();
    private final List<Long> bases = new ArrayList<>();
    private final List<MemoryFile> files = new ArrayList<>();
    private final List<Userfaultfd> uffds = new ArrayList<>();
    private long messages;

    Machine(RandomGenerator random, RecordingFile recording) {
      this.random = random;
      GmemProfile[] profiles = GmemProfile.values();
      kernel =
          new Kernel(
              KernelConfig.mainline()
                  .withGmem(profiles[random.nextInt(profiles.length)])
                  .withGenericContinue(random.nextInt(4) == 0),
              recording,
              new SimClock(),
              1_000);
      mm = kernel.newProcess("main");
      handler = kernel.newTask("handler", ActorKind.HANDLER, -1, mm);
      for (int i = 0; i < 4; i++) {
        threads.add(kernel.newTask("t" + i, ActorKind.THREAD, -1, mm));
      }
      MemoryFile memfd = kernel.newFile(MemoryFile.Kind.MEMFD, "m", PAGES * PAGE_BYTES);
      MemoryFile gmem = kernel.newFile(MemoryFile.Kind.GUEST_MEMFD, "g", PAGES * PAGE_BYTES);
      files.add(memfd);
      files.add(gmem);
      map(MapRequest.anonymous("a", PAGES));
      map(MapRequest.shared("m", memfd, PAGES + 2));
      map(MapRequest.shared("alias", memfd, PAGES));
      map(new MapRequest("p", memfd, 0, PAGES, false, true, true, -1));
      map(MapRequest.shared("g", gmem, PAGES));
      long[] features = {
        0,
        UffdFeature.EVENT_REMOVE | UffdFeature.EVENT_UNMAP | UffdFeature.EVENT_REMAP,
        UffdFeature.WP_UNPOPULATED,
        UffdFeature.EXACT_ADDRESS | UffdFeature.THREAD_ID | UffdFeature.EVENT_REMOVE
      };
      for (int i = 0; i < 2; i++) {
        Userfaultfd uffd =
            Objects.requireNonNull(kernel.uffd().open("u" + i, mm, Userfaultfd.NONBLOCK).uffd());
        kernel.uffd().api(handler, uffd, 0xaa, features[random.nextInt(features.length)]);
        uffds.add(uffd);
      }
    }

    private void map(MapRequest request) {
      bases.add(kernel.memory().map(mm, request));
    }

    void run() {
      for (int call = 0; call < CALLS; call++) {
        String what = one();
        kernel.settle();
        KernelInvariants.check(kernel, "call " + call + " " + what);
      }
      serveFairly();
    }

    private long page() {
      return bases.get(random.nextInt(bases.size())) + random.nextInt(PAGES) * PAGE_BYTES;
    }

    private long bytes() {
      return (1 + random.nextInt(3)) * PAGE_BYTES;
    }

    private Userfaultfd uffd() {
      return uffds.get(random.nextInt(uffds.size()));
    }

    private String one() {
      Task thread = threads.get(random.nextInt(threads.size()));
      boolean idle = thread.state() == Task.State.IDLE;
      return switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4, 5 -> {
          if (idle) {
            AccessOrigin origin = random.nextInt(4) == 0 ? AccessOrigin.KERNEL : AccessOrigin.USER;
            kernel.access(
                thread,
                page() + random.nextInt((int) PAGE_BYTES),
                random.nextBoolean(),
                random.nextInt(256),
                origin);
          }
          yield "touch";
        }
        case 6 -> {
          int[] modes = {MISSING, MINOR, MISSING | MINOR, WP, MISSING | WP, MINOR | WP};
          kernel
              .uffd()
              .register(handler, uffd(), page(), bytes(), modes[random.nextInt(modes.length)]);
          yield "register";
        }
        case 7 -> {
          kernel.uffd().unregister(handler, uffd(), page(), bytes());
          yield "unregister";
        }
        case 8, 9 -> {
          long mode = random.nextInt(4);
          fill(FillRequest.copyOf(random.nextInt(256), page(), bytes(), mode));
          yield "copy";
        }
        case 10 -> {
          fill(FillRequest.zeropage(page(), bytes(), random.nextInt(2)));
          yield "zeropage";
        }
        case 11, 12 -> {
          fill(FillRequest.resume(page(), bytes(), random.nextInt(4)));
          yield "continue";
        }
        case 13 -> {
          fill(FillRequest.of(UffdIoctl.POISON, page(), PAGE_BYTES, 0));
          yield "poison";
        }
        case 14 -> {
          kernel.uffd().writeProtect(handler, uffd(), page(), bytes(), random.nextInt(3));
          yield "writeprotect";
        }
        case 15 -> {
          kernel.uffd().move(handler, uffd(), page(), page(), bytes(), random.nextInt(3));
          yield "move";
        }
        case 16 -> {
          if (idle) {
            Advice[] advice = Advice.values();
            kernel.memory().madvise(thread, page(), bytes(), advice[random.nextInt(advice.length)]);
          }
          yield "madvise";
        }
        case 17 -> {
          MemoryFile file = files.get(random.nextInt(files.size()));
          kernel.memory().fallocate(handler, file, 3, random.nextInt(PAGES) * PAGE_BYTES, bytes());
          yield "punch hole";
        }
        case 18 -> {
          read(uffd());
          yield "read";
        }
        default -> rare(thread, idle);
      };
    }

    private String rare(Task thread, boolean idle) {
      return switch (random.nextInt(8)) {
        case 0 -> {
          kernel.signal(thread);
          yield "signal";
        }
        case 1 -> {
          kernel.uffd().wake(handler, uffd(), page(), bytes());
          yield "wake";
        }
        case 2 -> {
          if (idle) {
            kernel.memory().munmap(thread, page(), PAGE_BYTES);
          }
          yield "munmap";
        }
        case 3 -> {
          long to = idle ? kernel.memory().mremap(thread, page(), PAGE_BYTES, "moved") : -1;
          yield "mremap to " + to;
        }
        case 4 -> {
          if (idle) {
            kernel.memory().fork(thread, "child");
          }
          yield "fork";
        }
        case 5 -> {
          kernel.stormPass();
          yield "storm";
        }
        case 6 -> {
          MemoryFile file = files.get(random.nextInt(files.size()));
          kernel.memory().write(handler, file, random.nextInt(PAGES), 0, 100, 9);
          yield "write";
        }
        default -> {
          MemoryFile gmem = files.getLast();
          kernel
              .memory()
              .convert(handler, gmem, random.nextInt(PAGES - 1), 2, random.nextBoolean());
          yield "convert";
        }
      };
    }

    /** I2: a copy never puts a page where one is. */
    private void fill(FillRequest request) {
      boolean mapped = kernel.isMapped(mm, request.start());
      IoctlResult result = kernel.uffd().fill(handler, uffd(), request);
      if (mapped) {
        assertThat(result.field()).as("a mapped page is filled again").isLessThanOrEqualTo(0);
      }
      if (result.errno() == Errno.OK) {
        assertThat(result.field()).isEqualTo(request.bytes());
      }
    }

    private void read(Userfaultfd uffd) {
      messages += kernel.uffd().read(handler, uffd, 512).messages().size();
      assertThat(kernel.counters().messagesRead()).isEqualTo(messages);
    }

    /** I1: a handler that answers everything leaves nobody asleep. */
    private void serveFairly() {
      for (int round = 0; round < FAIR_ROUNDS && anybodySleeps(); round++) {
        for (Userfaultfd uffd : uffds) {
          read(uffd);
          kernel.settle();
        }
        for (Waiter waiter : mm.waiters.all()) {
          answer(waiter);
          kernel.settle();
          KernelInvariants.check(kernel, "fair round " + round);
        }
        kernel.stormPass();
        kernel.settle();
      }
      assertThat(threads).noneMatch(Task::isAsleep);
    }

    private boolean fills(Userfaultfd uffd, FillRequest request) {
      return kernel.uffd().fill(handler, uffd, request).field() >= 0;
    }

    /** The first guest_memfd series has no COPY: its handler fills the file with write(2). */
    private void fillFile(long page) {
      Vma vma = mm.find(page);
      if (vma != null && vma.isGmem()) {
        kernel
            .memory()
            .write(handler, vma.backingFile(), vma.filePageOf(page), 0, (int) PAGE_BYTES, 1);
      }
    }

    private boolean anybodySleeps() {
      return threads.stream().anyMatch(Task::isAsleep);
    }

    private void answer(Waiter waiter) {
      Userfaultfd uffd = waiter.uffd;
      long page = waiter.page;
      boolean protect = (waiter.message.flags() & UffdMessage.FLAG_WP) != 0;
      boolean minor = (waiter.message.flags() & UffdMessage.FLAG_MINOR) != 0;
      if (protect) {
        kernel.uffd().writeProtect(handler, uffd, page, PAGE_BYTES, 0);
      } else if ((minor || !fills(uffd, FillRequest.copyOf(1, page, PAGE_BYTES, 0)))
          && !fills(uffd, FillRequest.resume(page, PAGE_BYTES, 0))) {
        fillFile(page);
      }
      kernel.uffd().wake(handler, uffd, page, PAGE_BYTES);
    }
  }
}
