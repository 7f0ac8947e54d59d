package dev.faultscope.session.live;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.WaitingFault;
import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Actor;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.BadQueryException;
import dev.faultscope.session.library.GrowingRecording;
import dev.faultscope.session.live.LiveStatus.PeerFacts;
import dev.faultscope.timeline.query.QueryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One peer's memory, served, held and stepped. For many threads. */
public final class LiveRun {
  private static final int MOST_SHOWN = 200;
  private static final int PATIENCE_SECONDS = 10;

  private final GrowingRecording recording;
  private final String title;
  private final String policy;
  private final Duration watchdog;
  private final Runnable stop;
  private volatile @Nullable LiveControl control;
  private volatile @Nullable PeerFacts peer;
  private volatile @Nullable LiveSummary summary;
  private volatile @Nullable String query;
  private volatile @Nullable String message;
  private volatile boolean failed;

  /**
   * A run that waits for its peer.
   *
   * @param stop ends it
   */
  LiveRun(
      GrowingRecording recording, String title, String policy, Duration watchdog, Runnable stop) {
    this.recording = recording;
    this.title = title;
    this.policy = policy;
    this.watchdog = watchdog;
    this.stop = stop;
  }

  /** {@return its name in links} */
  public String id() {
    return recording.id();
  }

  GrowingRecording recording() {
    return recording;
  }

  /** The peer came. Called before its first fault is read, so that none slips by. */
  void attached(Peer came, LiveControl hand, @Nullable String hold) {
    peer =
        new PeerFacts(
            came.name(),
            came.credentials().pid(),
            came.credentials().uid(),
            came.credentials().gid(),
            came.regions().stream().mapToLong(region -> region.size()).sum(),
            came.regions().size());
    if (hold != null) {
      CompletableFuture<Void> asked = hand.hold(which(hold.isEmpty() ? null : hold));
      if (asked.isCompletedExceptionally()) {
        message = "Its faults could not be held.";
      }
    }
    control = hand;
  }

  /** The peer's run is over. On the recording thread. */
  void left(LiveSummary how) {
    summary = how;
    say(how.end());
    if (how.recordingFailure().isEmpty()) {
      recording.complete();
    } else {
      recording.breakOff(how.recordingFailure());
    }
  }

  /** It never came to a run, or what ran it broke. */
  void failed(String why) {
    if (summary == null) {
      failed = true;
      message = why;
      recording.breakOff(why);
    }
  }

  /** Adds what is worth knowing beside how it ended. */
  void say(String text) {
    String known = message;
    message = known == null ? text : known + " · " + text;
  }

  boolean isOver() {
    return failed || summary != null;
  }

  /** Ends it. */
  void stop() {
    stop.run();
  }

  /**
   * Does what a person wants, and waits until it is done.
   *
   * @throws IllegalStateException if there is nobody to do it, or not in time
   * @throws BadQueryException if a predicate is none
   */
  public LiveAnswer perform(LiveCommand command) {
    return switch (command) {
      case LiveCommand.RunFreely _ -> {
        await(hand().runFreely());
        query = null;
        yield answer("Every fault is answered as the policy says.");
      }
      case LiveCommand.Hold(@Nullable String text) -> {
        await(hand().hold(which(text)));
        yield answer(
            text == null
                ? "Every fault is held from now on."
                : "Faults that satisfy the predicate are held from now on.");
      }
      case LiveCommand.Answer(@Nullable Long fault) -> step(fault);
      case LiveCommand.Ioctl ioctl -> byHand(ioctl);
      case LiveCommand.Stop _ -> {
        stop();
        yield answer("It is being ended.");
      }
    };
  }

  private LiveAnswer step(@Nullable Long fault) {
    List<WaitingFault> before = hand().held();
    boolean was = await(fault == null ? hand().step() : hand().step(fault));
    return new LiveAnswer(
        0,
        "",
        0,
        was ? noLongerHeld(before) : List.of(),
        was ? "Answered as the policy says." : "No such fault is held.",
        status());
  }

  private LiveAnswer byHand(LiveCommand.Ioctl ioctl) {
    List<WaitingFault> before = hand().held();
    UffdResult result =
        await(
            hand()
                .answer(
                    new LiveControl.ByHand(
                        UffdIoctl.named(ioctl.name().toUpperCase(Locale.ROOT)),
                        ioctl.region(),
                        ioctl.page(),
                        ioctl.pages(),
                        ioctl.mode())));
    List<String> woke = noLongerHeld(before);
    return new LiveAnswer(
        result.errno(),
        result.errno() == 0 ? "" : Errno.name(result.errno()),
        result.field(),
        woke,
        why(result, woke),
        status());
  }

  private static String why(UffdResult result, List<String> woke) {
    if (!woke.isEmpty()) {
      return "Woke " + String.join(", ", woke) + ".";
    }
    return switch (result.errno()) {
      case 0 -> "Done; nobody who is held waited for those pages, or DONTWAKE was asked for.";
      case Errno.EEXIST -> "The page is there already, and an error wakes nobody: WAKE would.";
      case Errno.EAGAIN -> "A layout change waits to be read; try again.";
      case Errno.EINVAL ->
          "The kernel does not take that: a mode bit it does not know, or an ioctl that this memory"
              + " or its register mode does not have.";
      case Errno.EFAULT -> "The page cache has no such page for CONTINUE to map.";
      case Errno.ENOENT -> "The range is registered no more.";
      case Errno.ESRCH -> "The process is gone.";
      default -> "The kernel refused, and an error wakes nobody.";
    };
  }

  private List<String> noLongerHeld(List<WaitingFault> before) {
    Set<Long> still = new HashSet<>();
    hand().held().forEach(fault -> still.add(fault.sequence()));
    List<String> names = new ArrayList<>();
    for (WaitingFault fault : before) {
      if (!still.contains(fault.sequence())) {
        names.add(nameOf(fault.actor()));
      }
    }
    return names;
  }

  private Predicate<WaitingFault> which(@Nullable String text) {
    Predicate<WaitingFault> which;
    try {
      which = text == null ? fault -> true : new HoldQuery(text, recording.timeline());
    } catch (QueryException e) {
      throw new BadQueryException(e);
    }
    query = text;
    return which;
  }

  private LiveControl hand() {
    LiveControl hand = control;
    if (hand == null || isOver()) {
      throw new IllegalStateException(
          isOver() ? "this run is over: " + message : "its guest has not come yet");
    }
    return hand;
  }

  private static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(failure.getCause());
    } catch (TimeoutException late) {
      throw new IllegalStateException(
          "the handler did not come to it in " + PATIENCE_SECONDS + " s", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  private LiveAnswer answer(String why) {
    return new LiveAnswer(0, "", 0, List.of(), why, status());
  }

  private String nameOf(int actor) {
    List<Actor> actors = recording.timeline().actors();
    return actor >= 0 && actor < actors.size() ? actors.get(actor).name() : "actor " + actor;
  }

  /** {@return how it stands} */
  public LiveStatus status() {
    LiveControl hand = control;
    List<WaitingFault> held = hand == null || isOver() ? List.of() : hand.held();
    boolean holding = hand != null && !isOver() && hand.isHolding();
    List<Region> regions = recording.timeline().regions();
    return new LiveStatus(
        id(),
        "live",
        title,
        phase(held),
        holding,
        holding ? query : null,
        policy,
        message,
        held.isEmpty() ? null : held.getFirst().sinceNs(),
        hand == null || isOver() ? recording.timeline().endNs() : hand.nowNs(),
        watchdog.toNanos(),
        held.stream().limit(MOST_SHOWN).map(this::shown).toList(),
        regions.stream()
            .map(region -> new LiveStatus.Memory(region.name(), region.index(), region.pages()))
            .toList(),
        peer,
        summary);
  }

  private LiveStatus.Held shown(WaitingFault fault) {
    return new LiveStatus.Held(
        fault.sequence(),
        fault.region(),
        fault.page(),
        fault.isWriteProtect() ? "write-protect" : fault.isMinor() ? "minor" : "missing",
        fault.isWrite(),
        fault.actor(),
        nameOf(fault.actor()),
        fault.sinceNs(),
        fault.origin().origin() == AccessOrigin.UNKNOWN ? "" : fault.origin().text());
  }

  private String phase(List<WaitingFault> held) {
    if (failed) {
      return "failed";
    }
    if (summary != null) {
      return "done";
    }
    if (control == null) {
      return "starting";
    }
    return held.isEmpty() ? "running" : "held";
  }
}
