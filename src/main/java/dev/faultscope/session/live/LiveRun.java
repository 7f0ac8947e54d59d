package dev.faultscope.session.live;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.handler.HoldRule;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.WaitingFault;
import dev.faultscope.model.Actor;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.session.run.Capabilities;
import dev.faultscope.session.run.RecordingSink;
import dev.faultscope.session.run.Run;
import dev.faultscope.session.run.RunAnswer;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.run.RunRefusedException;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.query.QueryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Real memory, served, held and stepped. */
public final class LiveRun implements Run {
  private static final long CLOSE_MS = 10_000;

  /** How long a step waits for the next fault before it says that none has come. */
  private static final long NEXT_FAULT_MS = 1_000;

  private final RecordingSink sink;
  private final String policy;
  private final Duration watchdog;
  private final LiveProcess process;
  private volatile boolean intervened;
  private volatile @Nullable LiveBreakpoints watched;
  private final boolean disposable;
  private final long startedNs = System.nanoTime();
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Next> awaited = new ArrayList<>();
  private LiveState state = new LiveState.Starting();
  private long revision;
  private long endNs;
  private volatile RunStatus status;
  private volatile Runnable listener = () -> {};

  /** Somebody waits for a fault that is held and younger than another. */
  private record Next(long than, CompletableFuture<Boolean> come) {}

  /**
   * A run that waits for its process.
   *
   * @param disposable whether it may be ended when nobody looks
   */
  LiveRun(
      RecordingSink sink,
      String policy,
      Duration watchdog,
      LiveProcess process,
      boolean disposable) {
    this.sink = sink;
    this.policy = policy;
    this.watchdog = watchdog;
    this.process = process;
    this.disposable = disposable;
    status = statusNow();
  }

  @Override
  public String id() {
    return sink.id();
  }

  @Override
  public boolean isDisposable() {
    return disposable;
  }

  @Override
  public void onChange(Runnable told) {
    listener = told;
  }

  /** The peer came. Called before its first fault is read, so that none slips by. */
  void attached(Peer came, LiveControl hand, @Nullable String hold) {
    List<Integer> regions = new ArrayList<>();
    came.regions().forEach(_ -> regions.add(regions.size()));
    serving(
        new RunStatus.Peer(
            came.name(),
            came.credentials().pid(),
            came.credentials().uid(),
            came.credentials().gid(),
            came.regions().stream().mapToLong(region -> region.size()).sum(),
            came.regions().size()),
        List.of(new HeldUffd("uffd", hand, regions, false)),
        hold);
  }

  /**
   * Its handlers are about to begin.
   *
   * @param hold what is held from the first fault on: null for nothing, empty for every fault, else
   *     a predicate
   */
  void serving(RunStatus.Peer peer, List<HeldUffd> uffds, @Nullable String hold) {
    boolean everything = hold != null && hold.isEmpty();
    LiveState.Holding held =
        LiveState.Holding.NOTHING.holding(everything, hold == null || everything ? null : hold);
    become(now -> isOver(now) ? now : new LiveState.Serving(peer, uffds, held, false, null));
    for (HeldUffd each : uffds) {
      each.control().onChange(this::heldChanged);
      if (hold != null) {
        CompletableFuture<Void> _ = each.control().hold(which(held, false));
      }
    }
  }

  /** Its threads have done what they do by themselves. */
  void atRest(@Nullable String said) {
    whileServing(serving -> serving.atRest(said));
  }

  /** The run is over, of which this is told. On the recording thread, or when that has ended. */
  void ended(String how, RunReport report, List<LiveSummary> summaries) {
    remembersItsEnd();
    String failure =
        summaries.stream()
            .map(LiveSummary::recordingFailure)
            .filter(each -> !each.isEmpty())
            .findFirst()
            .orElse("");
    if (failure.isEmpty()) {
      sink.complete();
    } else {
      sink.breakOff(failure);
    }
    become(now -> new LiveState.Ended(how, now.peer(), report, summaries));
  }

  /** {@return what its handlers came to; empty until it is over} */
  public List<LiveSummary> summaries() {
    return state() instanceof LiveState.Ended ended ? ended.summaries() : List.of();
  }

  /** How long it has been going on, nanoseconds. */
  long elapsedNs() {
    return System.nanoTime() - startedNs;
  }

  private synchronized void remembersItsEnd() {
    if (!isOver(state)) {
      endNs = sink.timeline().endNs();
    }
  }

  /** It never came to a run, or what ran it broke. */
  void failed(String why) {
    if (!isOver()) {
      remembersItsEnd();
      sink.breakOff(why);
      become(now -> isOver(now) ? now : new LiveState.Failed(why, now.peer()));
    }
  }

  /** Adds what is worth knowing beside how it ended. */
  void say(String text) {
    become(
        now ->
            now instanceof LiveState.Ended(var said, var peer, var report, var all)
                ? new LiveState.Ended(said + " · " + text, peer, report, all)
                : now);
  }

  /** {@return where its handler writes} */
  Recorder recorder() {
    return sink.recorder();
  }

  boolean isOver() {
    return status.phase().isOver();
  }

  @Override
  public void stop() {
    if (!isOver()) {
      process.stop();
    }
  }

  @Override
  public void close() {
    stop();
    try {
      if (!over.await(CLOSE_MS, TimeUnit.MILLISECONDS)) {
        failed("it did not end within " + CLOSE_MS + " ms");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Run fork(long seq, RecordingSink into) {
    throw refused(LiveAbilities.NO_FORK);
  }

  private synchronized LiveState state() {
    return state;
  }

  private static boolean isOver(LiveState state) {
    return state instanceof LiveState.Ended || state instanceof LiveState.Failed;
  }

  /** A change of what is served; nothing where it is over by then. */
  private void whileServing(UnaryOperator<LiveState.Serving> how) {
    become(now -> now instanceof LiveState.Serving serving ? how.apply(serving) : now);
  }

  /**
   * Several threads change how it stands, so each says what becomes of the state there is then: a
   * hold is not undone by what was seen before it, nor an end.
   */
  private void become(UnaryOperator<LiveState> how) {
    synchronized (this) {
      LiveState next = how.apply(state);
      state = next;
      revision++;
      status = statusNow();
      boolean ended = status.phase().isOver();
      long newest = newestHeld(next);
      awaited.removeIf(
          each -> {
            boolean come = newest > each.than;
            if (come || ended) {
              each.come.completeAsync(() -> come);
            }
            return come || ended;
          });
    }
    if (isOver()) {
      over.countDown();
    }
    listener.run();
  }

  /** Something else is held, or the watchdog let everything go. On a handler's thread. */
  private void heldChanged() {
    whileServing(
        serving ->
            serving.holds()
                    && serving.uffds().stream().noneMatch(each -> each.control().isHolding())
                ? serving.holding(
                    LiveState.Holding.NOTHING,
                    "The watchdog let go: faults are answered as the policy says.")
                : serving);
  }

  private static long newestHeld(LiveState state) {
    return state instanceof LiveState.Serving serving
        ? held(serving).stream().mapToLong(WaitingFault::sequence).max().orElse(-1)
        : -1;
  }

  private static List<WaitingFault> held(LiveState.Serving serving) {
    return serving.uffds().stream()
        .flatMap(each -> each.control().held().stream())
        .sorted(Comparator.comparingLong(WaitingFault::sequence))
        .toList();
  }

  @Override
  public RunStatus status() {
    RunStatus known = status;
    if (known.phase() == RunPhase.WAITING && state() instanceof LiveState.Serving serving) {
      return known.at(nowNs(serving));
    }
    return known;
  }

  /** {@return whether a person has done something that its handlers would not have} */
  boolean isIntervened() {
    return intervened;
  }

  private static long nowNs(LiveState.Serving serving) {
    return serving.uffds().stream().mapToLong(each -> each.control().nowNs()).max().orElse(0);
  }

  @Override
  public CompletableFuture<RunAnswer> submit(RunCommand command) {
    Timeline timeline = sink.timeline();
    long before = timeline.lastSequence();
    try {
      return carryOut(command)
          .handle(
              (done, failure) -> {
                if (failure != null) {
                  throw refusalOf(failure);
                }
                return new RunAnswer(
                    done.errno,
                    done.errno == 0 ? "OK" : Errno.name(done.errno),
                    done.field,
                    done.woke,
                    done.why,
                    before + 1,
                    timeline.lastSequence());
              });
    } catch (RuntimeException refusal) {
      return CompletableFuture.failedFuture(refusalOf(refusal));
    }
  }

  private static RunRefusedException refusalOf(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case RunRefusedException refused -> refused;
      case IllegalStateException gone ->
          new RunRefusedException(RunRefusedException.Reason.ENDED, "" + gone.getMessage());
      default -> refused("" + cause.getMessage());
    };
  }

  private static RunRefusedException refused(String why) {
    return new RunRefusedException(RunRefusedException.Reason.BAD_COMMAND, why);
  }

  /** What came of a command, but for the events. */
  private record Done(int errno, @Nullable Long field, List<Integer> woke, String why) {
    static CompletableFuture<Done> told(String why) {
      return CompletableFuture.completedFuture(new Done(0, null, List.of(), why));
    }
  }

  private CompletableFuture<Done> carryOut(RunCommand command) {
    if (command instanceof RunCommand.Stop) {
      stop();
      return Done.told("it is being ended");
    }
    LiveState now = state();
    if (!(now instanceof LiveState.Serving serving)) {
      throw new RunRefusedException(
          RunRefusedException.Reason.ENDED,
          now instanceof LiveState.Starting
              ? "its process has not come yet"
              : "this run is over: " + now.message());
    }
    return switch (command) {
      case RunCommand.Go(double rate) -> {
        if (!Double.isInfinite(rate)) {
          throw refused(LiveAbilities.NO_PACE);
        }
        yield letGo(
            serving,
            serving.held().holding(false, null),
            serving.held().breakpoints().isEmpty()
                ? "every fault is answered as the policy says"
                : "faults are answered as the policy says until a breakpoint stops it");
      }
      case RunCommand.Pause _ ->
          holding(
              serving, serving.held().holding(true, serving.held().query()), "every fault is held");
      case RunCommand.Manual(boolean on) ->
          on
              ? holding(
                  serving,
                  serving.held().holding(true, serving.held().query()),
                  "every fault waits for you")
              : letGo(
                  serving,
                  serving.held().holding(false, serving.held().query()),
                  "faults are answered as the policy says");
      case RunCommand.Break(List<String> queries) ->
          holding(
              serving,
              serving.held().breakingAt(queries),
              queries.isEmpty()
                  ? "no breakpoint stops it any more"
                  : "faults are held from where a breakpoint is met");
      case RunCommand.Advance(var _, int by) -> advance(serving, by);
      case RunCommand.Answer(long fault) -> answer(serving, fault);
      case RunCommand.Ioctl ioctl -> {
        intervened = true;
        yield ioctl(serving, ioctl);
      }
      case RunCommand.Read _ -> throw refused(LiveAbilities.NO_READ);
      case RunCommand.Inject inject -> {
        intervened = true;
        yield inject(serving, inject);
      }
      case RunCommand.CheckPages _ -> Done.told(checkPages(serving.peer()));
      case RunCommand.Stop _ -> throw new IllegalStateException("handled above");
    };
  }

  /**
   * The rule for what is wanted.
   *
   * @param stays whether it stays stopped where breakpoints before have stopped it
   */
  private HoldRule which(LiveState.Holding wanted, boolean stays) {
    try {
      LiveBreakpoints before = watched;
      LiveBreakpoints breakpoints =
          new LiveBreakpoints(
              wanted.breakpoints(),
              sink.timeline(),
              stays && before != null && before.holdsEverything(),
              this::stopped);
      watched = breakpoints;
      String query = wanted.query();
      HoldQuery others = query == null ? null : new HoldQuery(query, sink.timeline());
      return new HoldRule() {
        @Override
        public boolean holds(WaitingFault fault) {
          // Asked even where the fault is held anyway: it says which breakpoint was met.
          boolean stops = breakpoints.holds(fault);
          return stops || wanted.everything() || (others != null && others.holds(fault));
        }

        @Override
        public void recorded() {
          breakpoints.recorded();
        }
      };
    } catch (QueryException e) {
      throw new IllegalArgumentException(
          e.getMessage() + " (at character " + (e.position() + 1) + ")", e);
    }
  }

  /** Holds something else from now on. What is held already stays so until it is answered. */
  private CompletableFuture<Done> holding(
      LiveState.Serving serving, LiveState.Holding wanted, String said) {
    HoldRule which = which(wanted, true);
    return held(serving, wanted, onEach(serving, control -> control.hold(which), said));
  }

  /** Answers whatever is held, and from now on holds what is wanted. */
  private CompletableFuture<Done> letGo(
      LiveState.Serving serving, LiveState.Holding wanted, String said) {
    if (wanted.isAny()) {
      HoldRule which = which(wanted, false);
      whileServing(now -> now.holding(now.held().stoppedAt(null), null));
      return held(serving, wanted, onEach(serving, control -> control.release(which), said));
    }
    // Before the handlers do it: where they hold no more and were to, it was the watchdog.
    whileServing(now -> now.holding(LiveState.Holding.NOTHING, null));
    return onEach(serving, LiveControl::runFreely, said);
  }

  /**
   * Says what is held after the handlers do it: where they hold nothing and are said to, it was the
   * watchdog. Where a breakpoint has stopped it meanwhile stays.
   */
  private CompletableFuture<Done> held(
      LiveState.Serving serving, LiveState.Holding wanted, CompletableFuture<Done> done) {
    return done.thenApply(
        came -> {
          whileServing(now -> now.holding(wanted.stoppedAt(now.held().stop()), null));
          return came;
        });
  }

  /** A breakpoint was met. On a handler's thread. */
  private void stopped(Breakpoints.Stop where) {
    whileServing(
        serving ->
            serving.holding(
                serving.held().stoppedAt(where),
                "Event "
                    + where.seq()
                    + " satisfies "
                    + String.join(" and ", where.queries())
                    + "."));
  }

  private static CompletableFuture<Done> onEach(
      LiveState.Serving serving, Function<LiveControl, CompletableFuture<Void>> what, String said) {
    return CompletableFuture.allOf(
            serving.uffds().stream()
                .map(each -> what.apply(each.control()))
                .toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> new Done(0, null, List.of(), said));
  }

  private CompletableFuture<Done> advance(LiveState.Serving serving, int by) {
    List<WaitingFault> before = held(serving);
    if (!serving.holds() && before.isEmpty()) {
      throw refused("it goes on by itself: hold its faults first, then step from one to the next");
    }
    long newest = before.stream().mapToLong(WaitingFault::sequence).max().orElse(-1);
    CompletableFuture<Done> released =
        before.isEmpty()
            ? Done.told("nothing was held")
            : answer(serving, before.getFirst().sequence());
    return released.thenCompose(
        done ->
            nextHeld(newest)
                .thenCompose(
                    come -> {
                      if (!come) {
                        return Done.told(done.why + "; no other fault has come yet");
                      }
                      return by > 1 ? advance(serving, by - 1) : Done.told(done.why);
                    }));
  }

  private CompletableFuture<Boolean> nextHeld(long than) {
    CompletableFuture<Boolean> come = new CompletableFuture<>();
    synchronized (this) {
      if (newestHeld(state) > than) {
        come.complete(true);
      } else if (!(state instanceof LiveState.Serving)) {
        come.complete(false);
      } else {
        awaited.add(new Next(than, come));
      }
    }
    return come.completeOnTimeout(false, NEXT_FAULT_MS, TimeUnit.MILLISECONDS);
  }

  private CompletableFuture<Done> answer(LiveState.Serving serving, long fault) {
    List<WaitingFault> before = held(serving);
    long wanted = fault;
    if (fault == 0) {
      if (before.isEmpty()) {
        throw refused("no fault is held");
      }
      wanted = before.getFirst().sequence();
    }
    for (HeldUffd each : serving.uffds()) {
      long sequence = wanted;
      if (each.control().held().stream().anyMatch(held -> held.sequence() == sequence)) {
        return each.control()
            .step(sequence)
            .thenApply(
                was ->
                    was
                        ? new Done(
                            0, null, woken(serving, before), "it was answered as the policy says")
                        : new Done(
                            Errno.ENOENT, null, List.of(), "no fault with that number is held"));
      }
    }
    throw refused("no fault with that number is held");
  }

  private CompletableFuture<Done> ioctl(LiveState.Serving serving, RunCommand.Ioctl wanted) {
    Capabilities.check(LiveAbilities.whyNot(wanted.ioctl()));
    if (wanted.source() != null) {
      throw refused(LiveAbilities.NO_SOURCE);
    }
    HeldUffd uffd =
        serving.uffds().stream()
            .filter(each -> each.name().equals(wanted.uffd()))
            .findFirst()
            .orElseThrow(() -> refused("there is no userfaultfd " + wanted.uffd()));
    int region = uffd.regions().indexOf(wanted.pages().region());
    if (region < 0) {
      throw refused(
          "region " + wanted.pages().region() + " is not of userfaultfd " + wanted.uffd());
    }
    List<WaitingFault> before = held(serving);
    return uffd.control()
        .answer(
            new LiveControl.ByHand(
                wanted.ioctl(),
                region,
                wanted.pages().first(),
                wanted.pages().count(),
                wanted.mode(),
                wanted.value()))
        .thenApply(
            result -> {
              List<Integer> woke = woken(serving, before);
              return new Done(
                  result.errno(),
                  wanted.ioctl().fills() ? result.field() : null,
                  woke,
                  why(wanted.ioctl(), wanted.mode(), result, woke));
            });
  }

  private String why(UffdIoctl ioctl, long mode, UffdResult result, List<Integer> woke) {
    if (!woke.isEmpty()) {
      return "woke " + woke.stream().map(this::nameOf).collect(Collectors.joining(", "));
    }
    return switch (result.errno()) {
      case 0 ->
          ioctl.protects(mode)
              ? "pages that are there are protected; who writes to one sleeps until somebody lifts"
                  + " that"
              : ioctl.isDontWake(mode)
                  ? "done, and DONTWAKE wakes nobody: WAKE would"
                  : "done; nobody who is held waited for those pages";
      case Errno.EEXIST -> "the page is there already, and an error wakes nobody: WAKE would";
      case Errno.EAGAIN -> "a layout change waits to be read; try again";
      case Errno.EINVAL ->
          "the kernel does not take that: a mode bit it does not know, or an ioctl that this memory"
              + " or its register mode does not have";
      case Errno.EFAULT -> "the page cache has no such page for CONTINUE to map";
      case Errno.ENOENT -> "the range is registered no more";
      case Errno.ESRCH -> "the process is gone";
      default -> "the kernel refused, and an error wakes nobody";
    };
  }

  private List<Integer> woken(LiveState.Serving serving, List<WaitingFault> before) {
    Set<Long> still = new HashSet<>();
    held(serving).forEach(fault -> still.add(fault.sequence()));
    return before.stream()
        .filter(fault -> !still.contains(fault.sequence()))
        .map(fault -> LiveAbilities.waiting(sink.timeline(), "", fault).actor())
        .toList();
  }

  private String nameOf(int actor) {
    List<Actor> actors = sink.timeline().actors();
    return actor >= 0 && actor < actors.size() ? actors.get(actor).name() : "actor " + actor;
  }

  private CompletableFuture<Done> inject(LiveState.Serving serving, RunCommand.Inject inject) {
    Capabilities.check(process.injections().getOrDefault(inject.what(), ""));
    String said = process.inject(inject);
    RunCommand.Pages pages = inject.pages();
    HoleKind how =
        switch (inject.what()) {
          case PUNCH_HOLE -> HoleKind.PUNCH_HOLE;
          case DONTNEED -> HoleKind.DONTNEED;
          case REMOVE -> HoleKind.REMOVE;
          case SIGNAL, TOUCH, KILL_HANDLER, KVM_ACCESS -> null;
        };
    if (how == null || pages == null) {
      return Done.told(said);
    }
    // Nobody else sees it: no message tells of a hole in a file, nor of madvise unless asked to.
    return serving.uffds().stream()
        .filter(each -> each.regions().contains(pages.region()))
        .filter(each -> how == HoleKind.PUNCH_HOLE || !each.hearsRemoval())
        .findFirst()
        .map(
            each ->
                each.control()
                    .gone(how, each.regions().indexOf(pages.region()), pages.first(), pages.count())
                    .thenCompose(_ -> Done.told(said)))
        .orElseGet(() -> Done.told(said));
  }

  private String checkPages(RunStatus.Peer peer) {
    try {
      return Residency.inWords(Residency.of(sink.timeline(), peer.pid()));
    } catch (LinuxException gone) {
      throw new IllegalStateException("there is no page table to ask: " + gone.getMessage(), gone);
    }
  }

  private RunStatus statusNow() {
    LiveState now = state;
    List<RunStatus.Waiting> waiting = new ArrayList<>();
    boolean manual = false;
    String hold = null;
    List<String> breakpoints = List.of();
    Breakpoints.Stop stop = null;
    List<String> uffds = List.of();
    // Its recording may be closed once it is over.
    long nowNs = endNs;
    if (now instanceof LiveState.Serving serving) {
      for (HeldUffd each : serving.uffds()) {
        for (WaitingFault fault : each.control().held()) {
          waiting.add(LiveAbilities.waiting(sink.timeline(), each.name(), fault));
        }
      }
      waiting.sort(Comparator.comparingLong(RunStatus.Waiting::seq));
      manual = serving.held().everything();
      hold = serving.held().query();
      breakpoints = serving.held().breakpoints();
      stop = serving.held().stop();
      uffds = serving.uffds().stream().map(HeldUffd::name).toList();
      nowNs = nowNs(serving);
    }
    RunPhase phase = phase(now, !waiting.isEmpty());
    return new RunStatus(
        revision,
        phase,
        manual,
        policy,
        hold,
        breakpoints,
        stop,
        now.message(),
        waiting.stream().limit(RunStatus.MAX_WAITING).toList(),
        waiting.size(),
        uffds,
        LiveAbilities.of(phase, manual || hold != null || !breakpoints.isEmpty(), process),
        now instanceof LiveState.Ended ended ? ended.report() : null,
        new RunStatus.Live(
            nowNs,
            watchdog.toNanos(),
            now.peer(),
            now instanceof LiveState.Ended ended ? Latencies.of(ended.summaries()) : null));
  }

  private static RunPhase phase(LiveState state, boolean isHeld) {
    return switch (state) {
      case LiveState.Starting _ -> RunPhase.STARTING;
      case LiveState.Serving serving ->
          isHeld ? RunPhase.WAITING : serving.idle() ? RunPhase.DONE : RunPhase.RUNNING;
      case LiveState.Ended _ -> RunPhase.ENDED;
      case LiveState.Failed _ -> RunPhase.FAILED;
    };
  }
}
