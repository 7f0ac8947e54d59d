package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Engine;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.KernelSpec;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.Span;
import dev.faultscope.scenario.UffdSpec;
import dev.faultscope.simulation.kernel.FillRequest;
import dev.faultscope.simulation.kernel.GmemProfile;
import dev.faultscope.simulation.kernel.IoctlResult;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.KernelConfig;
import dev.faultscope.simulation.kernel.MemoryCalls;
import dev.faultscope.simulation.kernel.MemoryCalls.MapRequest;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Mm;
import dev.faultscope.simulation.kernel.SimClock;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.UffdCalls;
import dev.faultscope.simulation.kernel.UffdMessage;
import dev.faultscope.simulation.kernel.Userfaultfd;
import dev.faultscope.timeline.Recorder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Plays scripts on the simulated kernel. Every event moves the clock by a microsecond: a script has
 * an order, not a speed.
 */
public final class SimulatedEngine implements Engine {
  private static final long TICK_NS = 1_000;

  private final Recorder recorder;
  private final Map<String, Long> addresses = new HashMap<>();
  private final Map<String, MemoryFile> files = new HashMap<>();
  private final Map<String, Userfaultfd> uffds = new HashMap<>();
  private final Map<String, Task> tasks = new HashMap<>();
  private @Nullable String awaitedChildUffd;
  private @Nullable Kernel kernel;
  private @Nullable Task handler;
  private @Nullable Task vmm;

  public SimulatedEngine(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public String name() {
    return Scenario.SIMULATION;
  }

  /** {@return the kernel, once prepared} */
  public Kernel kernel() {
    return Objects.requireNonNull(kernel, "prepare() comes first");
  }

  @Override
  public void prepare(
      KernelSpec spec, List<MemorySpec> memory, List<UffdSpec> uffdSpecs, List<String> threads) {
    KernelConfig config =
        KernelConfig.mainline()
            .withGmem(GmemProfile.valueOf(spec.guestMemfd().name()))
            .withGenericContinue(spec.genericContinue())
            .withFaultAroundPages(spec.faultAroundPages());
    Kernel made = new Kernel(config, recorder, new SimClock(), TICK_NS);
    kernel = made;
    Mm mm = made.newProcess("main");
    Task first = made.newTask("handler", ActorKind.HANDLER, -1, mm);
    handler = first;
    vmm = made.newTask("vmm", ActorKind.THREAD, -1, mm);
    for (String thread : threads) {
      tasks.put(thread, made.newTask(thread, ActorKind.THREAD, -1, mm));
    }
    for (MemorySpec each : memory) {
      map(made, mm, first, each);
    }
    for (UffdSpec each : uffdSpecs) {
      Userfaultfd uffd =
          Objects.requireNonNull(
              made.uffd().open(each.name(), mm, (int) each.flags()).uffd(), "flags are valid");
      uffds.put(each.name(), uffd);
      if (each.handshake()) {
        made.uffd().api(first, uffd, 0xaa, each.features());
      }
    }
  }

  private void map(Kernel made, Mm mm, Task by, MemorySpec spec) {
    @Nullable MemoryFile file = null;
    if (spec.of() != null) {
      file = file(spec.of());
    } else if (spec.backing() != Backing.ANON) {
      file =
          made.newFile(
              kind(spec.backing()),
              spec.name(),
              (long) spec.filePages() * PAGE_BYTES,
              true,
              spec.gmemShared());
    }
    if (file != null) {
      files.put(spec.name(), file);
    }
    long address =
        made.memory()
            .map(
                mm,
                new MapRequest(
                    spec.name(),
                    file,
                    spec.filePage(),
                    spec.pages(),
                    file != null && !spec.privately(),
                    !spec.readOnlyFile(),
                    !spec.readOnlyFile() || spec.privately(),
                    spec.gpa()));
    addresses.put(spec.name(), address);
    if (file != null && spec.of() == null && spec.fill() != MemorySpec.ABSENT) {
      for (long page = 0; page < spec.filePages(); page++) {
        made.memory().write(by, file, page, 0, PAGE_BYTES, spec.fillOf(page));
      }
    }
  }

  private static MemoryFile.Kind kind(Backing backing) {
    return switch (backing) {
      case MEMFD, MEMFD_PRIVATE -> MemoryFile.Kind.MEMFD;
      case HUGETLB -> MemoryFile.Kind.HUGETLB;
      case GUEST_MEMFD -> MemoryFile.Kind.GUEST_MEMFD;
      case FILE -> MemoryFile.Kind.REGULAR;
      case ANON, UNKNOWN -> throw new IllegalArgumentException(backing + " has no file");
    };
  }

  private Task handler() {
    return Objects.requireNonNull(handler, "prepare() comes first");
  }

  private Task task(String name) {
    return Objects.requireNonNull(tasks.get(name), name);
  }

  private Userfaultfd uffd(String name) {
    Userfaultfd uffd = uffds.get(name);
    if (uffd == null) {
      throw new IllegalStateException("userfaultfd " + name + " was not opened");
    }
    return uffd;
  }

  private MemoryFile file(String memory) {
    MemoryFile file = files.get(memory);
    if (file == null) {
      throw new IllegalStateException(memory + " is anonymous memory, it has no file");
    }
    return file;
  }

  @Override
  public long address(Place place) {
    String memory = place.memory();
    return memory == null
        ? place.offset()
        : Objects.requireNonNull(addresses.get(memory), memory) + place.offset();
  }

  @Override
  public long tid(String thread) {
    return task(thread).tid();
  }

  @Override
  public Observation perform(Action action) {
    kernel().stormPass();
    kernel().settle();
    Observation seen =
        switch (action) {
          case Action.Call call -> call(call);
          case Action.OfThread ofThread -> ofThread(ofThread);
          case Action.Poll poll ->
              Observation.of()
                  .word(
                      Fact.POLL,
                      switch (kernel().uffd().poll(uffd(poll.uffd()))) {
                        case UffdCalls.POLL_IN -> "in";
                        case UffdCalls.POLL_ERR -> "err";
                        default -> "none";
                      })
                  .build();
          case Action.Read read -> read(read);
          case Action.Pagemap pagemap -> pagemap(pagemap.range());
        };
    return seen;
  }

  private Observation call(Action.Call action) {
    UffdCalls calls = kernel().uffd();
    Observation seen =
        switch (action) {
          case Action.OpenUffd a -> open(a);
          case Action.Api a -> {
            UffdCalls.ApiResult result =
                calls.api(handler(), uffd(a.uffd()), a.api(), a.features());
            yield Observation.of()
                .errno(result.errno())
                .number(Fact.FEATURES, result.features())
                .number(Fact.IOCTLS, result.ioctls())
                .build();
          }
          case Action.Register a -> {
            IoctlResult result =
                calls.register(
                    handler(), uffd(a.uffd()), at(a.range()), a.range().bytes(), a.mode());
            Observation.Builder all = Observation.of().errno(result.errno());
            if (result.errno() == Errno.OK) {
              all.number(Fact.IOCTLS, result.field());
            }
            yield all.build();
          }
          case Action.Unregister a ->
              result(calls.unregister(handler(), uffd(a.uffd()), at(a.range()), a.range().bytes()));
          case Action.Wake a ->
              result(calls.wake(handler(), uffd(a.uffd()), at(a.range()), a.range().bytes()));
          case Action.Fill a ->
              result(
                  calls.fill(
                      handler(),
                      uffd(a.uffd()),
                      new FillRequest(
                          a.ioctl(),
                          at(a.range()),
                          a.range().bytes(),
                          a.mode(),
                          a.source() == null ? -1 : address(a.source()),
                          a.value())));
          case Action.Move a ->
              result(
                  calls.move(
                      handler(),
                      uffd(a.uffd()),
                      at(a.to()),
                      address(a.from()),
                      a.to().bytes(),
                      a.mode()));
          case Action.WriteProtect a ->
              result(
                  calls.writeProtect(
                      handler(), uffd(a.uffd()), at(a.range()), a.range().bytes(), a.mode()));
          case Action.UnknownIoctl a -> result(calls.unknown(handler(), uffd(a.uffd())));
          case Action.CloseUffd a -> {
            calls.close(handler(), uffd(a.uffd()));
            yield Observation.errno(Errno.OK);
          }
          case Action.Store a -> store(a);
          case Action.WriteFile a -> writeFile(a);
          case Action.Fallocate a ->
              Observation.errno(
                  kernel()
                      .memory()
                      .fallocate(handler(), file(a.memory()), a.mode(), a.offset(), a.bytes()));
          case Action.Pin a -> {
            kernel().pin(handler().mm(), address(a.at()));
            yield Observation.errno(Errno.OK);
          }
          case Action.GmemCreate a -> Observation.errno(GmemRules.create(a.bytes(), a.flags()));
          case Action.GmemMap a -> Observation.errno(GmemRules.map(a.flags(), a.privately()));
          case Action.FileCall a -> Observation.errno(GmemRules.call(a.call()));
          case Action.Convert a -> convert(a);
        };
    kernel().settle();
    return seen;
  }

  private long at(Span range) {
    return address(range.start());
  }

  private static Observation result(IoctlResult result) {
    Observation.Builder seen = Observation.of().errno(result.errno());
    if (result.field() == IoctlResult.UNTOUCHED) {
      seen.word(Fact.FIELD, "untouched");
    } else {
      seen.number(Fact.FIELD, result.field());
    }
    return seen.build();
  }

  private Observation open(Action.OpenUffd action) {
    UffdCalls.Opened opened =
        kernel().uffd().open(action.uffd(), handler().mm(), (int) action.flags());
    if (opened.uffd() != null) {
      uffds.put(action.uffd(), opened.uffd());
    }
    return Observation.errno(opened.errno());
  }

  private Observation store(Action.Store action) {
    Task by = Objects.requireNonNull(vmm);
    long start = at(action.range());
    for (long done = 0; done < action.range().bytes(); done += PAGE_BYTES) {
      long page = done / PAGE_BYTES;
      int value = action.pattern() ? (int) (page % MemorySpec.PATTERN_MODULUS) : action.value();
      kernel().access(by, start + done, true, value, AccessOrigin.VMM);
      if (by.ending() != Task.Ending.DONE) {
        boolean asleep = by.isAsleep();
        if (asleep) {
          kernel().kill(by);
          vmm = kernel().newTask("vmm", ActorKind.THREAD, -1, handler().mm());
        }
        return Observation.errno(asleep ? Errno.EAGAIN : Errno.EFAULT);
      }
      kernel().fillPage(by, start + done, value);
    }
    return Observation.errno(Errno.OK);
  }

  private Observation writeFile(Action.WriteFile action) {
    String memory = Objects.requireNonNull(action.at().memory(), "a file is named by its mapping");
    long page = action.at().offset() / PAGE_BYTES;
    int from = (int) (action.at().offset() % PAGE_BYTES);
    int to = (int) Math.min(PAGE_BYTES, from + action.bytes());
    return Observation.errno(
        kernel().memory().write(handler(), file(memory), page, from, to, action.value()));
  }

  private Observation convert(Action.Convert action) {
    long stopped =
        kernel()
            .memory()
            .convert(
                handler(),
                file(action.memory()),
                action.page(),
                action.pages(),
                action.toPrivate());
    return stopped < 0
        ? Observation.errno(Errno.OK)
        : Observation.of()
            .errno(Errno.EAGAIN)
            .number(Fact.ERROR_OFFSET, stopped * PAGE_BYTES)
            .build();
  }

  private Observation ofThread(Action.OfThread action) {
    Task task = task(action.thread());
    MemoryCalls memory = kernel().memory();
    switch (action) {
      case Action.Look _ -> {}
      case Action.Touch a ->
          kernel()
              .access(
                  task,
                  address(a.at()),
                  a.write(),
                  a.value(),
                  a.mode() == Action.Mode.USER ? AccessOrigin.USER : AccessOrigin.KERNEL);
      case Action.Signal _ -> kernel().signal(task);
      case Action.Madvise a ->
          memory.madvise(
              task,
              at(a.range()),
              a.range().bytes(),
              MemoryCalls.Advice.valueOf(a.advice().name()));
      case Action.Munmap a -> memory.munmap(task, at(a.range()), a.range().bytes());
      case Action.Mremap a -> {
        long to = memory.mremap(task, at(a.range()), a.range().bytes(), a.as());
        if (to >= 0) {
          addresses.put(a.as(), to);
          MemoryFile file = files.get(Objects.requireNonNull(a.range().start().memory()));
          if (file != null) {
            files.put(a.as(), file);
          }
        }
      }
      case Action.Fork a -> {
        awaitedChildUffd = a.childUffd();
        Mm child = memory.fork(task, a.child());
        tasks.put(a.child(), kernel().newTask(a.child(), ActorKind.THREAD, -1, child));
      }
      case Action.Exit _ -> memory.exit(task.mm());
    }
    kernel().settle();
    return look(task);
  }

  private static Observation look(Task task) {
    Observation.Builder seen = Observation.of();
    seen.number(Fact.SIGNALS, task.signalsHandled());
    switch (task.state()) {
      case BLOCKED, BLOCKED_IN_EVENT, READY -> seen.word(Fact.STATE, "blocked");
      case EXITED -> seen.word(Fact.STATE, "exited");
      case IDLE -> {
        seen.word(Fact.STATE, task.ending());
        if (task.ending() == Task.Ending.DONE) {
          seen.number(Fact.VALUE, task.result());
        } else if (task.ending() == Task.Ending.FAILED) {
          seen.word(Fact.ERRNO, name(task.result()));
        }
      }
    }
    return seen.build();
  }

  private static String name(int errno) {
    return Errno.nameOf(errno);
  }

  private Observation read(Action.Read action) {
    UffdCalls.ReadResult result =
        kernel().uffd().read(handler(), uffd(action.uffd()), action.bytes());
    kernel().settle();
    Observation.Builder seen = Observation.of().errno(result.errno());
    seen.number(Fact.COUNT, result.messages().size());
    if (result.errno() == Errno.OK) {
      seen.number(Fact.BYTES, 32L * result.messages().size());
    }
    return new Observation(seen.facts(), result.messages().stream().map(this::message).toList());
  }

  private Map<Fact, Object> message(UffdMessage message) {
    Observation.Builder seen = Observation.of().word(Fact.EVENT, message.event());
    switch (message.event()) {
      case PAGEFAULT ->
          seen.number(Fact.FLAGS, message.flags())
              .number(Fact.AT, message.address())
              .number(Fact.TID, message.tid());
      case REMAP, REMOVE, UNMAP ->
          seen.number(Fact.AT, message.address()).number(Fact.TO, message.to());
      case FORK -> {
        if (awaitedChildUffd != null && message.child() != null) {
          uffds.put(awaitedChildUffd, message.child());
        }
      }
    }
    return seen.facts();
  }

  private Observation pagemap(Span range) {
    long start = at(range);
    Mm mm = handler().mm();
    int protectedPages = 0;
    for (long at = start; at < start + range.bytes(); at += PAGE_BYTES) {
      protectedPages += kernel().isWriteProtected(mm, at) ? 1 : 0;
    }
    return Observation.of()
        .number(Fact.MAPPED, kernel().mappedPages(mm, start, start + range.bytes()))
        .number(Fact.WP, protectedPages)
        .build();
  }

  @Override
  public void close() {}
}
