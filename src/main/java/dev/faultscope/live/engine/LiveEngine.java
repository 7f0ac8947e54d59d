package dev.faultscope.live.engine;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.remote.PageTable;
import dev.faultscope.linux.remote.RemoteAdvice;
import dev.faultscope.linux.remote.RemoteProcess;
import dev.faultscope.linux.remote.RemoteThread;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Engine;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.KernelSpec;
import dev.faultscope.scenario.KvmAction;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.Span;
import dev.faultscope.scenario.UffdSpec;
import dev.faultscope.scenario.VcpuSpec;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plays scripts on the kernel this runs on. Memory, userfaultfds and threads are those of a remote
 * process; its first thread is the handler.
 */
public final class LiveEngine implements Engine {
  /** How long a read waits for a thread that faults again and again. */
  private static final long STORM_WAIT_MS = 1_000;

  /** A handler that records wants to know who waits. */
  private static final long THREAD_ID = 1 << 8;

  private final ScriptProcess machine;
  private final LiveThreads threads = new LiveThreads();
  private @Nullable LiveMemory memory;
  private @Nullable LiveUffds uffds;
  private @Nullable LiveFiles files;

  /**
   * Plays one script in a machine.
   *
   * @param machine stays its owner's, and is empty again when the engine is closed
   */
  public LiveEngine(ScriptProcess machine) {
    this.machine = machine;
  }

  /** {@return why scripts cannot be played here, empty where they can} */
  public static Optional<String> whyUnavailable() {
    return RemoteProcess.whyUnavailable();
  }

  @Override
  public String name() {
    return Scenario.LIVE;
  }

  @Override
  public void prepare(Scenario scenario) {
    if (!scenario.kernel().equals(KernelSpec.MAINLINE)) {
      throw new IllegalStateException(
          "the script wants another kernel than the one that runs here: " + scenario.kernel());
    }
    if (scenario.kvm() != null && scenario.workloads().isEmpty()) {
      throw new IllegalStateException("a virtual machine in a script is only simulated");
    }
    try {
      LiveMemory made = new LiveMemory(machine);
      memory = made;
      LiveUffds opened = new LiveUffds(machine.handler(), made);
      uffds = opened;
      files = new LiveFiles(machine, made);
      for (VcpuSpec vcpu : scenario.vcpus()) {
        threads.add(vcpu.name(), machine.takeThread());
      }
      for (String name : scenario.threads()) {
        threads.add(name, machine.takeThread());
      }
      for (MemorySpec each : scenario.memory()) {
        made.map(each);
      }
      for (UffdSpec each : scenario.uffds()) {
        opened.add(each, scenario.isTimed() ? THREAD_ID : 0);
      }
    } catch (IOException failure) {
      throw new IllegalStateException("this machine cannot play it: " + failure.getMessage());
    }
  }

  private LiveMemory memory() {
    return Objects.requireNonNull(memory, "prepare() comes first");
  }

  private LiveUffds uffds() {
    return Objects.requireNonNull(uffds, "prepare() comes first");
  }

  private LiveFiles files() {
    return Objects.requireNonNull(files, "prepare() comes first");
  }

  @Override
  public long address(Place place) {
    return memory().address(place);
  }

  long address(String memory) {
    return address(new Place(memory, 0));
  }

  int pid() throws IOException {
    return machine.process().pid();
  }

  long stallNs(String thread) {
    return threads.get(thread).stallNs();
  }

  RemoteThread thread(String name) {
    return threads.get(name).remote();
  }

  /** {@return another thread of the process, by a name that no thread has} */
  RemoteThread newThread(String name) throws IOException {
    RemoteThread thread = machine.takeThread();
    threads.add(name, thread);
    return thread;
  }

  RemoteThread handlerThread() throws IOException {
    return machine.handler();
  }

  /** {@return memory for both processes} */
  LiveMemory.Shared share(long bytes) throws IOException {
    return memory().share(bytes);
  }

  /** {@return the descriptor, over there, of a memory's file} */
  int file(String name) {
    return memory().file(name);
  }

  /** {@return a descriptor of ours for one of its userfaultfds} */
  Fd duplicateUffd(String name) throws IOException {
    return machine.process().duplicate(uffds().fd(name));
  }

  /** {@return the address, over there, of a list of numbers} */
  long order(int[] numbers) throws IOException {
    return memory().list(numbers);
  }

  @Override
  public long tid(String thread) {
    return threads.get(thread).remote().tid();
  }

  @Override
  public Observation perform(Action action) {
    try {
      Observation seen =
          switch (action) {
            case Action.Call call -> call(call);
            case Action.OfThread ofThread -> ofThread(ofThread);
            case Action.Poll poll -> uffds().poll(poll);
            case Action.Read read -> uffds().read(read, threads.anyStorms() ? STORM_WAIT_MS : 0);
            case Action.Pagemap pagemap -> pagemap(pagemap.range());
            case Action.OfRun _ ->
                throw unsupported("wait and kill", "it has no simulated time and no handlers");
            case KvmAction _ ->
                throw unsupported("kvm", "this engine's machines have no virtual one");
          };
      settle();
      return seen;
    } catch (IOException failure) {
      throw new IllegalStateException("the script cannot go on: " + failure.getMessage());
    }
  }

  private void settle() throws LinuxException {
    for (LiveThread child : threads.settle()) {
      uffds().closeIn(child.remote());
    }
  }

  private Observation call(Action.Call action) throws IOException {
    return switch (action) {
      case Action.OpenUffd a -> uffds().open(a);
      case Action.Api a -> uffds().api(a);
      case Action.Register a -> uffds().register(a);
      case Action.Unregister a -> uffds().unregister(a);
      case Action.Wake a -> uffds().wake(a);
      case Action.Fill a -> uffds().fill(a);
      case Action.Move a -> uffds().move(a);
      case Action.WriteProtect a -> uffds().writeProtect(a);
      case Action.UnknownIoctl a -> uffds().unknown(a);
      case Action.CloseUffd a -> uffds().close(a);
      case Action.Store a -> files().store(a);
      case Action.WriteFile a -> files().write(a);
      case Action.Fallocate a -> files().fallocate(a);
      case Action.GmemCreate a -> files().createGuestMemfd(a);
      case Action.GmemMap a -> files().mapGuestMemfd(a);
      case Action.FileCall a -> files().fileCall(a);
      case Action.Pin _ -> throw unsupported("pin", "it needs a device that pins pages");
      case Action.Convert _ ->
          throw unsupported("convert", "in-place conversion is in no released kernel");
    };
  }

  private static IllegalStateException unsupported(String action, String why) {
    return new IllegalStateException("\"" + action + "\" cannot be done on a real kernel: " + why);
  }

  private Observation ofThread(Action.OfThread action) throws IOException {
    LiveThread thread = threads.get(action.thread());
    switch (action) {
      case Action.Look _ -> {}
      case Action.Touch a -> touch(thread, a);
      case Action.Signal _ -> thread.signal();
      case Action.Madvise a ->
          thread.call().beginAdvise(at(a.range()), a.range().bytes(), advice(a.advice()));
      case Action.Mprotect a ->
          thread.call().beginProtect(at(a.range()), a.range().bytes(), a.writable());
      case Action.Munmap a -> thread.call().beginUnmap(at(a.range()), a.range().bytes());
      case Action.Mremap a -> {
        long from = at(a.range());
        long to = memory().placeFor(a.as(), a.range().bytes(), a.range().start());
        thread.call().beginMove(from, a.range().bytes(), to);
      }
      case Action.Fork a -> {
        uffds().awaitChild(a.childUffd());
        thread.forks();
        threads.addChild(a.child(), machine.fork(thread.remote()), thread);
      }
      case Action.Exit _ -> {
        if (thread.remote().pid() == machine.process().pid()) {
          throw unsupported("exit", "the handler is a thread of this process");
        }
        thread.exit();
      }
    }
    settle();
    return thread.look();
  }

  private static RemoteAdvice advice(Action.Advice advice) {
    return switch (advice) {
      case DONTNEED -> RemoteAdvice.DONTNEED;
      case FREE -> RemoteAdvice.FREE;
      case REMOVE -> RemoteAdvice.REMOVE;
      case POPULATE_READ -> RemoteAdvice.POPULATE_READ;
      case POPULATE_WRITE -> RemoteAdvice.POPULATE_WRITE;
      case COLLAPSE -> RemoteAdvice.COLLAPSE;
      case HUGEPAGE -> RemoteAdvice.HUGEPAGE;
    };
  }

  private void touch(LiveThread thread, Action.Touch action) throws IOException {
    long address = address(action.at());
    switch (action.mode()) {
      case USER -> {
        if (action.write()) {
          thread.store(address, action.value());
        } else {
          thread.load(address);
        }
      }
      case SYSCALL -> {
        if (action.write()) {
          thread.readInto(address, action.value(), files().everyByte(thread.remote()));
        } else {
          thread.writeFrom(address);
        }
      }
    }
  }

  private long at(Span range) {
    return address(range.start());
  }

  private Observation pagemap(Span range) throws IOException {
    PageTable.Counts counts =
        PageTable.count(
            machine.process().pid(),
            at(range),
            at(range) + range.bytes() / PAGE_BYTES * PAGE_BYTES);
    return Observation.of()
        .number(Fact.MAPPED, counts.mapped())
        .number(Fact.WP, counts.writeProtected())
        .build();
  }

  @Override
  public void close() {
    machine.reset();
  }
}
