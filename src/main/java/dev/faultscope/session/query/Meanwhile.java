package dev.faultscope.session.query;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.ActivityWalk;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Moment.Activity;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.Wait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What went on while a thread waited for a fault, from its queueing to its wake: what the handlers
 * did, and who else waited. Times are nanoseconds.
 *
 * @param toNs when it was woken; where that is not told, the recording's end
 * @param over whether the wait ended
 * @param lookedAt the last event that was counted, where there were too many; null where all were.
 *     What {@code handlers} did with their time is exact all the same
 * @param handlers who handled or is a handler, the one that read the message first, then by index;
 *     at most {@value #MAX_HANDLERS}
 * @param otherHandlers how many more there are
 * @param others who else waited
 */
public record Meanwhile(
    long fromNs,
    long toNs,
    boolean over,
    @Nullable Long lookedAt,
    List<Handler> handlers,
    int otherHandlers,
    Others others) {
  static final int MAX_HANDLERS = 8;
  static final int MAX_OTHERS = 8;
  private static final int MAX_SCAN = 1_000_000;

  /**
   * How a handler spent the time; what is left of it is not known.
   *
   * @param readIt whether it read the message of this fault
   * @param messages messages that it read
   * @param calls that it began, by ioctl
   */
  public record Handler(
      int actor,
      String name,
      boolean readIt,
      long handlingNs,
      long idleNs,
      long blockedNs,
      long runningNs,
      long unknownNs,
      long messages,
      List<Calls> calls) {}

  /** Calls of one ioctl. */
  public record Calls(String ioctl, long count) {}

  /**
   * Waits of other threads that overlapped.
   *
   * @param before how many had begun when this one did
   * @param after how many began while this one went on
   * @param togetherNs how long they overlapped, all of them added up
   * @param longest those that overlapped longest, at most {@value #MAX_OTHERS}
   */
  public record Others(long before, long after, long togetherNs, List<Other> longest) {}

  /**
   * A wait of another thread.
   *
   * @param seq its ENQUEUE
   * @param region null where the recording does not tell
   * @param page within the region, null where that is not known
   * @param togetherNs how long it overlapped
   */
  public record Other(
      long seq, String thread, @Nullable String region, @Nullable Integer page, long togetherNs) {}

  /** {@return what went on during a wait} */
  static Meanwhile of(Timeline timeline, Wait wait) {
    return new Teller(timeline, wait).tell();
  }

  private static final class Teller {
    private final Timeline timeline;
    private final Wait wait;
    private final Event enqueue;
    private final long toNs;

    /** Who read the message; of a wait for the kernel itself nobody does. */
    private final int handler;

    private final List<Actor> actors;
    private final Map<Integer, Long> messages = new HashMap<>();
    private final Map<Integer, Map<UffdIoctl, Long>> calls = new HashMap<>();
    private final Map<Integer, Open> waiting = new HashMap<>();
    private final List<Other> longest = new ArrayList<>();
    private long before;
    private long after;
    private long togetherNs;
    private @Nullable Long lookedAt;

    /** Another wait that goes on; what it waits for, and since when it overlaps. */
    private record Open(long seq, int region, int page, boolean hasPages, long sinceNs) {}

    Teller(Timeline timeline, Wait wait) {
      this.timeline = timeline;
      this.wait = wait;
      enqueue = wait.enqueue();
      actors = timeline.actors();
      handler = wait.origin() == FaultOrigin.UFFD ? wait.handler() : Event.NONE;
      Long end = wait.endNs();
      toNs = end != null ? end : Math.max(enqueue.timeNs(), timeline.endNs());
    }

    Meanwhile tell() {
      whoWaitedBefore();
      count();
      waiting.forEach((actor, open) -> over(actor, open, toNs));
      List<Handler> handlers = handlers();
      int shown = Math.min(MAX_HANDLERS, handlers.size());
      return new Meanwhile(
          enqueue.timeNs(),
          toNs,
          wait.endNs() != null,
          lookedAt,
          List.copyOf(handlers.subList(0, shown)),
          handlers.size() - shown,
          new Others(before, after, togetherNs, List.copyOf(longest)));
    }

    private void whoWaitedBefore() {
      try (Cursor cursor = timeline.cursor()) {
        cursor.seek(enqueue.sequence());
        for (Moment.Entry entry : cursor.moment().queue()) {
          if (entry.sequence() != enqueue.sequence()) {
            before++;
            Event its = timeline.event(entry.sequence());
            waiting.put(entry.actor(), open(its, enqueue.timeNs()));
          }
        }
      }
    }

    private static Open open(Event its, long sinceNs) {
      return new Open(its.sequence(), its.region(), its.firstPage(), its.hasPages(), sinceNs);
    }

    /** Every event from the queueing to the end. */
    private void count() {
      long end = timeline.lastSequence();
      for (long at = enqueue.sequence() + 1; at <= end; at++) {
        Event event = timeline.event(at);
        if (event.timeNs() > toNs || wait.endNs() != null && endsIt(event)) {
          return;
        }
        if (at - enqueue.sequence() > MAX_SCAN) {
          lookedAt = at - 1;
          return;
        }
        count(event);
      }
    }

    /** Its wake, or its thread's next wait where no wake is told. */
    private boolean endsIt(Event event) {
      return event.actor() == enqueue.actor()
          && switch (event.kind()) {
            case WAKE, ENQUEUE -> true;
            case TOUCH,
                DECIDE,
                READ,
                CALL,
                IOCTL,
                INSTALL,
                RETRY,
                EXIT,
                HOLE,
                KERNEL,
                REGION,
                NOTE ->
                false;
          };
    }

    private void count(Event event) {
      int actor = event.actor();
      switch (event.kind()) {
        case READ -> {
          if (FaultOrigin.ofCode(event.detail()) == FaultOrigin.UFFD) {
            messages.merge(actor, 1L, Long::sum);
          }
        }
        case CALL -> {
          if (!event.is(EventFlags.CONTINUED)) {
            calls
                .computeIfAbsent(actor, _ -> new EnumMap<>(UffdIoctl.class))
                .merge(UffdIoctl.ofCode(event.detail()), 1L, Long::sum);
          }
        }
        case WAKE -> {
          Open open = waiting.remove(actor);
          if (open != null) {
            over(actor, open, event.timeNs());
          }
        }
        case ENQUEUE -> {
          if (actor != Event.NONE) {
            after++;
            Open open = waiting.put(actor, open(event, event.timeNs()));
            if (open != null) {
              over(actor, open, event.timeNs());
            }
          }
        }
        case TOUCH, DECIDE, IOCTL, INSTALL, RETRY, EXIT, HOLE, KERNEL, REGION, NOTE -> {}
      }
    }

    private void over(int actor, Open open, long endNs) {
      long together = endNs - open.sinceNs();
      togetherNs += together;
      String region =
          open.hasPages() && open.region() < timeline.regions().size()
              ? timeline.regions().get(open.region()).name()
              : null;
      longest.add(
          new Other(
              open.seq(), nameOf(actor), region, region == null ? null : open.page(), together));
      longest.sort(
          Comparator.comparingLong((Other other) -> -other.togetherNs()).thenComparing(Other::seq));
      if (longest.size() > MAX_OTHERS) {
        longest.removeLast();
      }
    }

    private String nameOf(int actor) {
      return actor < actors.size() ? actors.get(actor).label() : "a thread";
    }

    private List<Handler> handlers() {
      ActivityWalk walk = timeline.activities(enqueue.timeNs());
      walk.to(toNs);
      TreeSet<Integer> who =
          new TreeSet<>(
              Comparator.comparing((Integer actor) -> actor != handler)
                  .thenComparing(Comparator.naturalOrder()));
      for (int actor = 0; actor < Math.min(walk.actors(), actors.size()); actor++) {
        boolean handles =
            actors.get(actor).kind() == ActorKind.HANDLER
                || actor == handler
                || messages.containsKey(actor)
                || calls.containsKey(actor)
                || walk.spentNs(actor, Activity.HANDLING) > 0;
        if (handles) {
          who.add(actor);
        }
      }
      return who.stream().map(actor -> handler(walk, actor)).toList();
    }

    private Handler handler(ActivityWalk walk, int actor) {
      long handling = walk.spentNs(actor, Activity.HANDLING);
      long idle = walk.spentNs(actor, Activity.IDLE);
      long blocked = walk.spentNs(actor, Activity.BLOCKED) + walk.spentNs(actor, Activity.KERNEL);
      long running = walk.spentNs(actor, Activity.RUNNING);
      return new Handler(
          actor,
          nameOf(actor),
          actor == handler,
          handling,
          idle,
          blocked,
          running,
          toNs - enqueue.timeNs() - handling - idle - blocked - running,
          messages.getOrDefault(actor, 0L),
          calls.getOrDefault(actor, Map.of()).entrySet().stream()
              .map(each -> new Calls(each.getKey().name(), each.getValue()))
              .toList());
    }
  }
}
