package dev.faultscope.live.guest;

import static dev.faultscope.model.Region.HUGE_PAGE_BYTES;
import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.GuestMemory;
import dev.faultscope.linux.GuestMemory.Advice;
import dev.faultscope.linux.Kvm;
import dev.faultscope.linux.KvmExit;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.Poll;
import dev.faultscope.linux.Processes;
import dev.faultscope.linux.UnixSocket;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.linux.Vcpu;
import dev.faultscope.linux.Vm;
import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.live.attach.Handshake;
import dev.faultscope.live.guest.GuestOptions.GuestBacking;
import dev.faultscope.live.guest.GuestOptions.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A guest, run in a process of its own: nothing here may share a process with a handler or a
 * server.
 *
 * <p>If its handler dies while its memory is registered, nobody will ever answer its faults: {@link
 * #orphaned} is called, and the process should end there.
 */
public final class Guest {
  private static final long EVENT_REMOVE = 1 << 3;
  private static final long THREAD_ID = 1 << 8;
  private static final int WATCH_MS = 100;
  private static final int WORD_STEP = 8;

  private final GuestOptions options;
  private final Runnable orphaned;
  private final List<GuestRam> ram = new ArrayList<>();
  private @Nullable Mapping content;

  /**
   * Prepares a guest.
   *
   * @param orphaned what to do when its handler is gone; should not return
   */
  public Guest(GuestOptions options, Runnable orphaned) {
    this.options = options;
    this.orphaned = orphaned;
  }

  /** Builds the memory, hands it over and runs the workload to its end. */
  public GuestReport run() throws IOException, InterruptedException {
    boolean machine =
        options.workload() == Workload.VCPU || options.backing() == GuestBacking.GUEST_MEMFD;
    try (Userfaultfd uffd = Userfaultfd.open();
        Kvm kvm = machine ? Kvm.open() : null;
        Vm vm = kvm == null ? null : kvm.createVm();
        UnixSocket socket = UnixSocket.connect(options.socket())) {
      if (options.content().isPresent()) {
        content = mapContent(options.content().get());
      }
      makeMemory(vm);
      uffd.api(THREAD_ID | (options.backing() == GuestBacking.GUEST_MEMFD ? 0 : EVENT_REMOVE));
      for (GuestRam part : ram) {
        uffd.register(part.memory().address(), part.memory().length(), options.modes());
      }
      handOver(uffd, socket);
      watch(socket);
      GuestReport report =
          vm == null || options.workload() == Workload.TOUCH ? touch() : runVcpus(vm);
      // Only here: after a failure a worker may be asleep in memory that must not go before the
      // process does.
      ram.forEach(GuestRam::close);
      return report;
    }
  }

  private static Mapping mapContent(Path path) throws IOException {
    try (Fd file = Fd.openRead(path)) {
      return Mapping.readOnly(file, 0, Files.size(path));
    }
  }

  private void makeMemory(@Nullable Vm vm) throws LinuxException {
    long pages = options.bytes() / PAGE_BYTES;
    long each = pages / options.regions() * PAGE_BYTES;
    long offset = 0;
    for (int i = 0; i < options.regions(); i++) {
      long bytes = i == options.regions() - 1 ? options.bytes() - offset : each;
      GuestRam part = GuestRam.make(options.backing(), bytes, vm);
      ram.add(part);
      if ((options.modes() & Userfaultfd.MINOR) != 0) {
        fillCache(part, offset);
      }
      offset += bytes;
    }
  }

  /**
   * Puts the content, or where none is given the page's number, into the page cache, before
   * anything is registered.
   */
  private void fillCache(GuestRam part, long offset) throws LinuxException {
    Mapping expected = content;
    try (Mapping alias = part.alias()) {
      for (long at = 0; at < alias.length(); at += PAGE_BYTES) {
        if (expected == null) {
          alias.putLong(at, (offset + at) / PAGE_BYTES);
        } else {
          alias.put(at, expected.get(offset + at, (int) PAGE_BYTES));
        }
      }
    }
  }

  private void handOver(Userfaultfd uffd, UnixSocket socket) throws LinuxException {
    List<GuestRegion> regions = new ArrayList<>();
    List<Fd> descriptors = new ArrayList<>(List.of(uffd.fd()));
    long offset = 0;
    for (GuestRam part : ram) {
      GuestMemory memory = part.memory();
      regions.add(
          new GuestRegion(
              memory.address(),
              memory.length(),
              offset,
              options.backing() == GuestBacking.HUGETLB ? HUGE_PAGE_BYTES : PAGE_BYTES,
              options.workload() == Workload.VCPU ? GuestProgram.RAM : -1,
              options.backing() == GuestBacking.GUEST_MEMFD));
      offset += memory.length();
      if ((options.modes() & Userfaultfd.MINOR) != 0) {
        part.file().ifPresent(descriptors::add);
      }
    }
    socket.send(Handshake.encode(regions), descriptors.toArray(Fd[]::new));
  }

  /** Ends the process if the handler goes and the memory is still registered. */
  private void watch(UnixSocket socket) {
    Fd fd = socket.fd();
    Thread.ofPlatform()
        .daemon()
        .name("watch")
        .start(
            () -> {
              try {
                Poll poll = new Poll(fd);
                while (!fd.isClosed()) {
                  if (poll.await(WATCH_MS) && poll.isBroken(0)) {
                    if (isRegistered()) {
                      orphaned.run();
                    }
                    return;
                  }
                }
              } catch (LinuxException | IllegalStateException closed) {
                // The guest itself has ended.
                return;
              }
            });
  }

  private static boolean isRegistered() {
    try (BufferedReader lines =
        Files.newBufferedReader(Path.of("/proc/self/smaps"), StandardCharsets.ISO_8859_1)) {
      return lines
          .lines()
          .anyMatch(line -> line.startsWith("VmFlags:") && line.matches(".* (um|ui|uw)( .*)?"));
    } catch (IOException unreadable) {
      return true;
    }
  }

  private record Work(long nanoseconds, long pages) {}

  private GuestReport touch() throws IOException, InterruptedException {
    List<FutureTask<Work>> workers = new ArrayList<>();
    for (int i = 0; i < options.workers(); i++) {
      int worker = i;
      workers.add(start("toucher " + i, () -> pinned(worker, () -> touchShare(worker))));
    }
    FutureTask<Work> balloon =
        options.balloon() ? start("balloon", this::giveBackLastQuarter) : null;
    Work all = join(workers);
    if (balloon != null) {
      join(List.of(balloon));
    }
    return check(all, "");
  }

  private Work pinned(int worker, Job job) throws IOException {
    List<Integer> cpus = options.cpus();
    if (!cpus.isEmpty()) {
      Processes.pin(cpus.get(worker % cpus.size()));
    }
    return job.run();
  }

  private Work touchShare(int worker) {
    long total = options.bytes() / PAGE_BYTES;
    long first = total * worker / options.workers();
    long behind = total * (worker + 1) / options.workers();
    long[] order = GuestProgram.order(behind - first, options.pattern());
    long started = System.nanoTime();
    for (long page : order) {
      Place place = place((first + page) * PAGE_BYTES);
      if (options.write()) {
        place.memory().writeLong(place.offset() + WORD_STEP, page);
      } else {
        place.memory().readLong(place.offset());
      }
    }
    return new Work(System.nanoTime() - started, order.length);
  }

  private Work giveBackLastQuarter() {
    long chunk = 64 * PAGE_BYTES;
    long started = System.nanoTime();
    long pages = 0;
    long bytes;
    for (long at = lastQuarter(); at < options.bytes(); at += bytes) {
      Place place = place(at);
      bytes = Math.min(chunk, place.memory().length() - place.offset());
      place.memory().advise(place.offset(), bytes, Advice.DONTNEED);
      pages += bytes / PAGE_BYTES;
    }
    return new Work(System.nanoTime() - started, pages);
  }

  private long lastQuarter() {
    long chunk = 64 * PAGE_BYTES;
    return options.bytes() / 4 * 3 / chunk * chunk;
  }

  private record Place(GuestMemory memory, long offset) {}

  private Place place(long byteOffset) {
    long left = byteOffset;
    for (GuestRam part : ram) {
      if (left < part.memory().length()) {
        return new Place(part.memory(), left);
      }
      left -= part.memory().length();
    }
    throw new IndexOutOfBoundsException("byte " + byteOffset + " of " + options.bytes());
  }

  private GuestReport runVcpus(Vm vm) throws IOException, InterruptedException {
    GuestRam part = ram.getFirst();
    GuestMemory memory = part.memory();
    try (Mapping program = Mapping.anonymous(GuestProgram.BYTES)) {
      GuestProgram.write(program, memory.length());
      vm.setSlot(0, 0, program.length(), program.address());
      if (part.guestMemfd().isPresent()) {
        vm.setSlot(
            1, GuestProgram.RAM, memory.length(), memory.address(), part.guestMemfd().get(), 0);
      } else {
        vm.setSlot(1, GuestProgram.RAM, memory.length(), memory.address());
      }
      List<FutureTask<Work>> workers = new ArrayList<>();
      for (int i = 0; i < options.workers(); i++) {
        int worker = i;
        workers.add(start("vcpu " + i, () -> pinned(worker, () -> runVcpu(vm, worker))));
      }
      return check(join(workers), "ring " + options.ring());
    }
  }

  private Work runVcpu(Vm vm, int number) throws LinuxException {
    long total = options.bytes() / PAGE_BYTES;
    long first = total * number / options.workers();
    long pages = total * (number + 1) / options.workers() - first;
    try (Vcpu vcpu = vm.createVcpu(number)) {
      vm.showAllFeatures(vcpu);
      vcpu.enterLongMode(GuestProgram.pageTable(), options.ring());
      vcpu.setRegisters(
          GuestProgram.registers(first * PAGE_BYTES, pages, options.pattern(), options.write()));
      if (options.clock()) {
        vcpu.setClock(GuestProgram.RAM + first * PAGE_BYTES + PAGE_BYTES / 2);
      }
      long started = System.nanoTime();
      while (true) {
        switch (vcpu.run()) {
          case KvmExit.Mmio(long address, long sum, int length, boolean isWrite)
              when address == GuestProgram.DONE && isWrite -> {
            Work work = new Work(System.nanoTime() - started, pages);
            checkSum(sum, first, pages);
            return work;
          }
          case KvmExit.Interrupted() -> {}
          case KvmExit unexpected ->
              throw new LinuxException("KVM_RUN", 5, "the guest came back with " + unexpected);
        }
      }
    }
  }

  private void checkSum(long sum, long first, long pages) throws LinuxException {
    Mapping expected = content;
    long wanted = 0;
    for (long page = 0; page < pages; page++) {
      if (options.write()) {
        wanted += page;
      } else if (expected != null) {
        wanted += expected.getLong((first + page) * PAGE_BYTES);
      } else if ((options.modes() & Userfaultfd.MINOR) != 0) {
        wanted += first + page;
      }
    }
    if (sum != wanted) {
      throw new LinuxException(
          "the guest's sum", 5, "0x%x where it should be 0x%x".formatted(sum, wanted));
    }
  }

  /** Compares every page with what it should hold. */
  private GuestReport check(Work work, String detail) throws LinuxException {
    Mapping expected = content;
    long checked = 0;
    long wrong = 0;
    String first = detail;
    if (expected != null && !options.write() && !options.clock()) {
      try (Mapping zero = Mapping.anonymous(PAGE_BYTES)) {
        for (long at = 0; at < options.bytes(); at += PAGE_BYTES) {
          Place place = place(at);
          boolean gone = options.balloon() && at >= lastQuarter();
          boolean right =
              gone
                  ? place.memory().equal(place.offset(), zero, 0, PAGE_BYTES)
                  : place.memory().equal(place.offset(), expected, at, PAGE_BYTES);
          checked++;
          if (!right) {
            wrong++;
            if (wrong == 1) {
              first = "page " + at / PAGE_BYTES + (gone ? ", given back, is not zero" : " differs");
            }
          }
        }
      }
    }
    return new GuestReport(
        options.workers(), work.pages(), work.nanoseconds() / 1e9, checked, wrong, first);
  }

  private interface Job {
    Work run() throws IOException;
  }

  private static FutureTask<Work> start(String name, Job job) {
    FutureTask<Work> task = new FutureTask<>(job::run);
    Thread.ofPlatform().daemon().name(name).start(task);
    return task;
  }

  private Work join(List<FutureTask<Work>> workers) throws IOException, InterruptedException {
    long longest = 0;
    long pages = 0;
    for (FutureTask<Work> worker : workers) {
      try {
        Work work = worker.get(options.limit().toMillis(), TimeUnit.MILLISECONDS);
        longest = Math.max(longest, work.nanoseconds());
        pages += work.pages();
      } catch (ExecutionException failure) {
        throw failure.getCause() instanceof IOException io
            ? io
            : new IOException("a worker failed", failure.getCause());
      } catch (TimeoutException late) {
        throw new IOException(
            "the guest's faults were not answered in " + options.limit().toSeconds() + " s", late);
      }
    }
    return new Work(longest, pages);
  }
}
