package dev.faultscope.workload;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which the threads of a recording accessed the pages of one region: its touches, or
 * where it has none (a recording of a handler alone) its faults.
 */
public final class RecordedAccesses {
  /** Accesses that are kept; a longer recording is cut there. */
  public static final int MOST = 1 << 24;

  private static final int WRITE = 1 << 31;

  private final List<int[]> byActor;
  private final int[] all;

  private RecordedAccesses(List<int[]> byActor, int[] all) {
    this.byActor = byActor;
    this.all = all;
  }

  /** {@return the accesses that a recording holds, of the region with the most of them} */
  public static RecordedAccesses of(Timeline timeline) {
    RecordedAccesses touches = of(timeline, EventKind.TOUCH);
    return touches.all.length > 0 ? touches : of(timeline, EventKind.ENQUEUE);
  }

  private static RecordedAccesses of(Timeline timeline, EventKind kind) {
    int region = busiest(timeline, kind);
    Map<Integer, Growing> actors = new LinkedHashMap<>();
    Growing all = new Growing();
    long end = timeline.lastSequence();
    for (long at = 1; at <= end && all.size < MOST; at++) {
      Event event = timeline.event(at);
      if (event.kind() == kind && event.region() == region && event.pageCount() == 1) {
        int access = event.firstPage() | (event.is(EventFlags.WRITE) ? WRITE : 0);
        all.add(access);
        actors.computeIfAbsent(event.actor(), actor -> new Growing()).add(access);
      }
    }
    List<int[]> byActor = new ArrayList<>();
    actors.values().forEach(each -> byActor.add(each.toArray()));
    return new RecordedAccesses(byActor, all.toArray());
  }

  private static int busiest(Timeline timeline, EventKind kind) {
    long[] counts = new long[timeline.regions().size() + 1];
    long end = timeline.lastSequence();
    for (long at = 1; at <= end; at++) {
      Event event = timeline.event(at);
      if (event.kind() == kind && event.hasPages()) {
        counts[event.region()]++;
      }
    }
    int most = 0;
    for (int i = 1; i < counts.length; i++) {
      most = counts[i] > counts[most] ? i : most;
    }
    return most;
  }

  /** {@return how many accesses there are} */
  public int size() {
    return all.length;
  }

  /** {@return the page of an access, by its place in the order} */
  public int page(int index) {
    return all[index] & ~WRITE;
  }

  /**
   * {@return what one of several threads accesses: all of it for a single one, else what one of the
   * recording's own threads did}
   *
   * @throws IllegalArgumentException if the recording has no accesses
   */
  public int[] of(int index, int count) {
    if (all.length == 0) {
      throw new IllegalArgumentException("the recording holds no accesses to replay");
    }
    return count == 1 ? all : byActor.get(index % byActor.size());
  }

  /** {@return the page of one of these numbers} */
  public static int pageOf(int access) {
    return access & ~WRITE;
  }

  /** {@return whether one of these numbers is a write} */
  public static boolean isWrite(int access) {
    return (access & WRITE) != 0;
  }

  /** Ints that grow. */
  private static final class Growing {
    private int[] values = new int[64];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
