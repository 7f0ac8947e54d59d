package dev.faultscope.simulation.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who acts next: a binary heap by time, and among equal times by the order of scheduling, so that
 * the same calls always give the same order.
 */
public final class EventQueue {
  private @Nullable Agent[] heap = new @Nullable Agent[64];
  private int size;
  private long scheduled;

  public boolean isEmpty() {
    return size == 0;
  }

  /** {@return the time of the next moment, {@link Long#MAX_VALUE} where there is none} */
  public long nextNs() {
    return size == 0 ? Long.MAX_VALUE : at(0).at;
  }

  /** Puts somebody on the events. */
  public void schedule(Agent agent, long ns) {
    if (agent.slot != Agent.NOT_SCHEDULED) {
      throw new IllegalStateException("scheduled twice");
    }
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    agent.at = ns;
    agent.order = scheduled++;
    up(size++, agent);
  }

  /** Takes somebody off the events, who need not be on it. */
  public void cancel(Agent agent) {
    int slot = agent.slot;
    if (slot == Agent.NOT_SCHEDULED) {
      return;
    }
    agent.slot = Agent.NOT_SCHEDULED;
    Agent last = at(--size);
    heap[size] = null;
    if (last != agent) {
      down(slot, last);
      if (last.slot == slot) {
        up(slot, last);
      }
    }
  }

  /** {@return who acts next, from now on off the events; it must not be empty} */
  public Agent next() {
    Agent first = at(0);
    first.slot = Agent.NOT_SCHEDULED;
    Agent last = at(--size);
    heap[size] = null;
    if (size > 0) {
      down(0, last);
    }
    return first;
  }

  private Agent at(int slot) {
    Agent agent = heap[slot];
    if (agent == null) {
      throw new IllegalStateException("nobody is on the agenda");
    }
    return agent;
  }

  private void up(int from, Agent agent) {
    int slot = from;
    while (slot > 0) {
      int parent = (slot - 1) >>> 1;
      Agent above = at(parent);
      if (!isBefore(agent, above)) {
        break;
      }
      put(slot, above);
      slot = parent;
    }
    put(slot, agent);
  }

  private void down(int from, Agent agent) {
    int slot = from;
    int child;
    while ((child = 2 * slot + 1) < size) {
      Agent below = at(child);
      if (child + 1 < size && isBefore(at(child + 1), below)) {
        below = at(++child);
      }
      if (!isBefore(below, agent)) {
        break;
      }
      put(slot, below);
      slot = child;
    }
    put(slot, agent);
  }

  private void put(int slot, Agent agent) {
    heap[slot] = agent;
    agent.slot = slot;
  }

  private static boolean isBefore(Agent one, Agent other) {
    return one.at < other.at || (one.at == other.at && one.order < other.order);
  }
}
