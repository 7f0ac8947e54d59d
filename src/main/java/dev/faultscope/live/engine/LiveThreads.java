package dev.faultscope.live.engine;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.remote.RemoteThread;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The threads of a script by name, and how they come to rest after an action. */
final class LiveThreads {
  /** A thread that has run this long without resting does the same thing again and again. */
  private static final long STORM_NS = 500_000;

  private final Map<String, LiveThread> threads = new LinkedHashMap<>();
  private final Map<LiveThread, LiveThread> unborn = new HashMap<>();

  void add(String name, RemoteThread thread) {
    threads.put(name, new LiveThread(name, thread));
  }

  /** Adds the thread of a child whose parent's fork has not returned yet. */
  void addChild(String name, RemoteThread thread, LiveThread parent) {
    add(name, thread);
    unborn.put(get(name), parent);
  }

  LiveThread get(String name) {
    return Objects.requireNonNull(threads.get(name), name);
  }

  /** {@return children born since the last call; waits until whoever can run has run} */
  Iterable<LiveThread> settle() throws LinuxException {
    for (LiveThread each : threads.values()) {
      each.settle(STORM_NS);
    }
    Map<LiveThread, LiveThread> born = new LinkedHashMap<>();
    unborn.forEach(
        (child, parent) -> {
          if (!parent.remote().isBusy() && parent.remote().result() > 0) {
            born.put(child, parent);
          }
        });
    for (LiveThread child : born.keySet()) {
      child.remote().awaitForked();
      unborn.remove(child);
    }
    return born.keySet();
  }

  /** {@return whether some thread faults again and again, so that a message may come any time} */
  boolean anyStorms() {
    return threads.values().stream().anyMatch(LiveThread::storms);
  }
}
