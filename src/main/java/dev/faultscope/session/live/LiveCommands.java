package dev.faultscope.session.live;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.live.handler.HoldRule;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.WaitingFault;
import dev.faultscope.model.Actor;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.session.run.Capabilities;
import dev.faultscope.session.run.RunAnswer;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunRefusedException;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.query.QueryException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a person has a live run do: each command carried out on its handlers and its process. */
final class LiveCommands {
  private final LiveRun run;
  private final Timeline timeline;
  private final LiveProcess process;
  private volatile boolean intervened;
  private volatile @Nullable LiveBreakpoints watched;

  LiveCommands(LiveRun run, Timeline timeline, LiveProcess process) {
    this.run = run;
    this.timeline = timeline;
    this.process = process;
  }

  /** {@return whether something was done that the handlers would not have} */
  boolean haveIntervened() {
    return intervened;
  }

  CompletableFuture<RunAnswer> submit(RunCommand command) {
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

  static RunRefusedException refused(String why) {
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
      run.stop();
      return Done.told("it is being ended");
    }
    LiveState now = run.state();
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
   * @throws IllegalArgumentException if a predicate is none; the message says where
   */
  HoldRule which(LiveState.Holding wanted, boolean stays) {
    try {
      LiveBreakpoints before = watched;
      LiveBreakpoints breakpoints =
          new LiveBreakpoints(
              wanted.breakpoints(),
              timeline,
              stays && before != null && before.holdsEverything(),
              this::stopped);
      watched = breakpoints;
      String query = wanted.query();
      HoldQuery others = query == null ? null : new HoldQuery(query, timeline);
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
      throw new IllegalArgumentException(e.inWords(), e);
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
      run.whileServing(now -> now.holding(now.held().stoppedAt(null), null));
      return held(serving, wanted, onEach(serving, control -> control.release(which), said));
    }
    // Before the handlers do it: where they hold no more and were to, it was the watchdog.
    run.whileServing(now -> now.holding(LiveState.Holding.NOTHING, null));
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
          run.whileServing(now -> now.holding(wanted.stoppedAt(now.held().stop()), null));
          return came;
        });
  }

  /** A breakpoint was met. On a handler's thread. */
  private void stopped(Breakpoints.Stop where) {
    run.whileServing(serving -> serving.holding(serving.held().stoppedAt(where), where.inWords()));
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
    List<WaitingFault> before = LiveRun.held(serving);
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
            run.nextHeld(newest)
                .thenCompose(
                    come -> {
                      if (!come) {
                        return Done.told(done.why + "; no other fault has come yet");
                      }
                      return by > 1 ? advance(serving, by - 1) : Done.told(done.why);
                    }));
  }

  private CompletableFuture<Done> answer(LiveState.Serving serving, long fault) {
    List<WaitingFault> before = LiveRun.held(serving);
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
    List<WaitingFault> before = LiveRun.held(serving);
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
    LiveRun.held(serving).forEach(fault -> still.add(fault.sequence()));
    return before.stream()
        .filter(fault -> !still.contains(fault.sequence()))
        .map(fault -> LiveAbilities.waiting(timeline, "", fault).actor())
        .toList();
  }

  private String nameOf(int actor) {
    List<Actor> actors = timeline.actors();
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
      return Residency.inWords(Residency.of(timeline, peer.pid()));
    } catch (LinuxException gone) {
      throw new IllegalStateException("there is no page table to ask: " + gone.getMessage(), gone);
    }
  }
}
