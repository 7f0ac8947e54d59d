package dev.faultscope.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The sessions that are open: a bounded number; who is idle longest makes room. */
public final class OpenSessions implements AutoCloseable {
  private record Slot(Session session, long usedNs) {}

  private final Map<String, Slot> slots = new HashMap<>();
  private final int limit;
  private final long idleNs;
  private final LongSupplier nanoTime;

  public OpenSessions(int limit, Duration idle, LongSupplier nanoTime) {
    this.limit = limit;
    this.idleNs = idle.toNanos();
    this.nanoTime = nanoTime;
  }

  public synchronized @Nullable Session get(String id) {
    Slot slot = slots.get(id);
    if (slot == null) {
      return null;
    }
    slots.put(id, new Slot(slot.session, nanoTime.getAsLong()));
    return slot.session;
  }

  /** {@return whether there was room} */
  public synchronized boolean put(Session session) {
    Slot old = slots.remove(session.id());
    if (old != null) {
      old.session.retire();
    }
    if (slots.size() >= limit) {
      evict(Long.MIN_VALUE, 1);
    }
    if (slots.size() >= limit) {
      return false;
    }
    slots.put(session.id(), new Slot(session, nanoTime.getAsLong()));
    return true;
  }

  public synchronized void remove(String id) {
    Slot slot = slots.remove(id);
    if (slot != null) {
      slot.session.retire();
    }
  }

  /** Closes what nobody has looked at for a while. */
  public synchronized void sweep() {
    evict(idleNs, slots.size());
  }

  synchronized List<Session> all() {
    return slots.values().stream().map(Slot::session).toList();
  }

  private void evict(long olderThanNs, int most) {
    long now = nanoTime.getAsLong();
    List<Slot> idle = new ArrayList<>();
    for (Slot slot : slots.values()) {
      boolean free = slot.session.users() == 0 && !slot.session.isLoading();
      if (free && now - slot.usedNs >= olderThanNs) {
        idle.add(slot);
      }
    }
    idle.sort(Comparator.comparingLong(slot -> slot.usedNs - now));
    for (Slot slot : idle.subList(0, Math.min(most, idle.size()))) {
      remove(slot.session.id());
    }
  }

  @Override
  public synchronized void close() {
    for (String id : List.copyOf(slots.keySet())) {
      remove(id);
    }
  }
}
