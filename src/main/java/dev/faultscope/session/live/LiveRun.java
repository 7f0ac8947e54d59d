package dev.faultscope.session.live;

import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.WaitingFault;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.session.run.RecordingSink;
import dev.faultscope.session.run.Run;
import dev.faultscope.session.run.RunAnswer;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.timeline.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
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
  private final boolean disposable;
  private final long startedNs = System.nanoTime();
  private final LiveCommands commands;
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
    commands = new LiveCommands(this, sink.timeline(), process);
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
        CompletableFuture<Void> _ = each.control().hold(commands.which(held, false));
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
    throw LiveCommands.refused(LiveAbilities.NO_FORK);
  }

  synchronized LiveState state() {
    return state;
  }

  private static boolean isOver(LiveState state) {
    return state instanceof LiveState.Ended || state instanceof LiveState.Failed;
  }

  /** A change of what is served; nothing where it is over by then. */
  void whileServing(UnaryOperator<LiveState.Serving> how) {
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

  /** {@return the faults that are held, the oldest first} */
  static List<WaitingFault> held(LiveState.Serving serving) {
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
    return commands.haveIntervened();
  }

  private static long nowNs(LiveState.Serving serving) {
    return serving.uffds().stream().mapToLong(each -> each.control().nowNs()).max().orElse(0);
  }

  @Override
  public CompletableFuture<RunAnswer> submit(RunCommand command) {
    return commands.submit(command);
  }

  /** Answers whether a fault younger than another is held, within a time or not. */
  CompletableFuture<Boolean> nextHeld(long than) {
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
