package dev.faultscope.timeline.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.PageState;
import dev.faultscope.timeline.ChunkSummary;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.EventView;
import dev.faultscope.timeline.query.Predicate.Range;
import java.util.BitSet;
import java.util.List;

/** The tests a predicate is made of. */
final class Tests {
  private static final int IOCTL = EventKind.IOCTL.code();

  private Tests() {}

  static boolean isIn(List<Range> ranges, long value) {
    for (Range range : ranges) {
      if (range.has(value)) {
        return true;
      }
    }
    return false;
  }

  record All(List<EventPredicate> parts) implements EventPredicate {
    @Override
    public boolean needsQueue() {
      return parts.stream().anyMatch(EventPredicate::needsQueue);
    }

    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return parts.stream().allMatch(part -> part.mayMatch(chunk));
    }

    @Override
    public boolean test(EventView event) {
      for (EventPredicate part : parts) {
        if (!part.test(event)) {
          return false;
        }
      }
      return true;
    }
  }

  record Any(List<EventPredicate> parts) implements EventPredicate {
    @Override
    public boolean needsQueue() {
      return parts.stream().anyMatch(EventPredicate::needsQueue);
    }

    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return parts.stream().anyMatch(part -> part.mayMatch(chunk));
    }

    @Override
    public boolean test(EventView event) {
      for (EventPredicate part : parts) {
        if (part.test(event)) {
          return true;
        }
      }
      return false;
    }
  }

  record Negation(EventPredicate part) implements EventPredicate {
    @Override
    public boolean needsQueue() {
      return part.needsQueue();
    }

    @Override
    public boolean test(EventView event) {
      return !part.test(event);
    }
  }

  /** Some page of the event lies inside the ranges, or all lie outside. */
  record Pages(List<Range> ranges, boolean outside) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      if (outside) {
        return true;
      }
      for (Range range : ranges) {
        long high = Math.min(range.high(), Integer.MAX_VALUE);
        if (range.low() <= high
            && chunk.mayTouch(
                (int) range.low(), (int) Math.min(high - range.low() + 1, Integer.MAX_VALUE))) {
          return true;
        }
      }
      return false;
    }

    @Override
    public boolean test(EventView event) {
      if (event.pageCount() == 0) {
        return false;
      }
      long first = event.firstPage();
      long last = first + event.pageCount() - 1;
      for (Range range : ranges) {
        if (first <= range.high() && last >= range.low()) {
          return !outside;
        }
      }
      return outside;
    }
  }

  /** Pages of one region. */
  record RegionPages(int region, int first, int count) {}

  /** As {@link Pages}, in the regions that have the addresses. */
  record Addresses(List<RegionPages> pages, BitSet having, boolean outside)
      implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return outside
          || pages.stream().anyMatch(in -> chunk.mayTouch(in.region(), in.first(), in.count()));
    }

    @Override
    public boolean test(EventView event) {
      if (event.pageCount() == 0 || !having.get(event.region())) {
        return false;
      }
      long first = event.firstPage();
      long end = first + event.pageCount();
      for (RegionPages in : pages) {
        if (in.region() == event.region()
            && first < (long) in.first() + in.count()
            && end > in.first()) {
          return !outside;
        }
      }
      return outside;
    }
  }

  record Regions(BitSet regions) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return regions.stream().anyMatch(chunk::touches);
    }

    @Override
    public boolean test(EventView event) {
      return event.region() != Event.NONE && regions.get(event.region());
    }
  }

  record Actors(BitSet actors) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return actors.stream().anyMatch(chunk::hasActor);
    }

    @Override
    public boolean test(EventView event) {
      return event.actor() != Event.NONE && actors.get(event.actor());
    }
  }

  /** A set of bits has all of a mask. */
  record Bits(Field field, int mask) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      int any =
          field == Field.FLAG
              ? chunk.flags()
              : field == Field.BEFORE ? chunk.statesBefore() : chunk.statesAfter();
      return (any & mask) == mask;
    }

    @Override
    public boolean test(EventView event) {
      int bits =
          field == Field.FLAG
              ? event.flags()
              : field == Field.BEFORE ? event.before() : event.after();
      return (bits & mask) == mask;
    }
  }

  /** A number of the event lies inside some ranges, or it has one and that lies outside. */
  record Number(Field field, List<Range> ranges, boolean outside) implements EventPredicate {
    private static final long NONE = -1;

    @Override
    public boolean needsQueue() {
      return field == Field.LATENCY || field == Field.WAITED || field == Field.QUEUE;
    }

    @Override
    public boolean test(EventView event) {
      long value = value(event);
      return value != NONE && isIn(ranges, value) != outside;
    }

    private long value(EventView event) {
      return switch (field) {
        case KIND -> event.kind();
        case ERRNO -> event.errno() != 0 || event.kind() == IOCTL ? event.errno() : NONE;
        case TIME -> event.timeNs();
        case LATENCY -> event.latencyNs();
        case WAITED -> event.waitedNs();
        case QUEUE -> event.queueDepth();
        case SEQ -> event.sequence();
        case CAUSE -> event.cause() == 0 ? NONE : event.cause();
        case CHANGED -> event.pageCount() == 0 ? NONE : event.before() == event.after() ? 0 : 1;
        case ORIGIN -> origin(event);
        case LEVEL -> level(event.after());
        case IOCTL, REASON, EXIT, HOLE, KERNEL, CHANGE ->
            (field.kinds() >>> event.kind() & 1) != 0 ? event.detail() : NONE;
        case PAGE, GPA, HVA, REGION, ACTOR, TID, VCPU, STATE, BEFORE, FLAG ->
            throw new AssertionError(field + " is no number of an event");
      };
    }

    private static long origin(EventView event) {
      if ((Field.ORIGIN.kinds() >>> event.kind() & 1) == 0) {
        return NONE;
      }
      boolean isAccess = event.kind() == EventKind.TOUCH.code();
      return isAccess || event.detail() != FaultOrigin.UFFD.code() ? event.detail() : Field.OF_UFFD;
    }

    /** The level of the stage-2 entry, of what is mapped there. */
    private static long level(int state) {
      if ((state & PageState.STAGE2) == 0) {
        return NONE;
      }
      return (state & PageState.LEAF_1G) != 0 ? 3 : (state & PageState.LEAF_2M) != 0 ? 2 : 1;
    }

    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return hasKind(chunk) && (outside || ranges.stream().anyMatch(in -> mayBeIn(chunk, in)));
    }

    private boolean hasKind(ChunkSummary chunk) {
      if (field.kinds() == -1) {
        return true;
      }
      for (EventKind kind : EventKind.values()) {
        if ((field.kinds() >>> kind.code() & 1) != 0 && chunk.count(kind) > 0) {
          return true;
        }
      }
      return false;
    }

    private boolean mayBeIn(ChunkSummary chunk, Range range) {
      return switch (field) {
        case KIND -> anyKind(chunk, range);
        case ERRNO -> anyErrno(chunk, range);
        case IOCTL -> anyIoctl(chunk, range);
        case TIME -> chunk.firstNs() <= range.high() && chunk.lastNs() >= range.low();
        case LATENCY -> chunk.maxLatencyNs() >= range.low();
        // A summary tells nothing of waits that end without a wake.
        case WAITED -> chunk.count(EventKind.ENQUEUE) > 0 || chunk.maxLatencyNs() >= range.low();
        case QUEUE -> chunk.minDepth() <= range.high() && chunk.maxDepth() >= range.low();
        case SEQ -> chunk.firstSequence() <= range.high() && chunk.lastSequence() >= range.low();
        case CAUSE -> chunk.lastSequence() > range.low();
        case LEVEL -> (chunk.statesAfter() & PageState.STAGE2) != 0;
        case REASON, ORIGIN, EXIT, HOLE, KERNEL, CHANGE, CHANGED -> true;
        case PAGE, GPA, HVA, REGION, ACTOR, TID, VCPU, STATE, BEFORE, FLAG -> true;
      };
    }

    private static boolean anyKind(ChunkSummary chunk, Range range) {
      for (EventKind kind : EventKind.values()) {
        if (range.has(kind.code()) && chunk.count(kind) > 0) {
          return true;
        }
      }
      return false;
    }

    private static boolean anyErrno(ChunkSummary chunk, Range range) {
      for (int errno = 0; errno < 256; errno++) {
        if (range.has(errno) && chunk.hasErrno(errno)) {
          return true;
        }
      }
      return false;
    }

    private static boolean anyIoctl(ChunkSummary chunk, Range range) {
      for (int code = 0; code < 256; code++) {
        if (range.has(code) && chunk.mayHaveIoctl(code)) {
          return true;
        }
      }
      return false;
    }
  }
}
