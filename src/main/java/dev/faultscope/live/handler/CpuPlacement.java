package dev.faultscope.live.handler;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Processes;
import dev.faultscope.live.handler.Trial.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the handler's thread, and where that is allowed the threads whose faults it answers, on the
 * CPUs that suit, and says how long to look for a message before sleeping. For the handler's
 * thread.
 *
 * <p>The peer's threads are put back when its faults cease for a moment: it has other things to do
 * then, for which it should have all its CPUs.
 */
final class CpuPlacement {
  private static final long SPIN_NS = 60_000;
  private static final int MOST_THREADS = 256;

  private final int pid;
  private final boolean movesPeer;
  private final @Nullable Trial trial;
  private final Map<Integer, List<Integer>> peerThreads = new HashMap<>();
  private List<Integer> own = List.of();
  private Way way;
  private boolean peerMoved;

  CpuPlacement(LiveOptions options, int pid) {
    this.pid = pid;
    movesPeer = options.movesPeer() && pid > 0;
    if (options.placement() == Placement.MEASURED) {
      trial = new Trial(ways(movesPeer));
      way = trial.current();
    } else {
      trial = null;
      way = new Way(options.placement(), options.spin().toNanos());
    }
  }

  private static List<Way> ways(boolean movesPeer) {
    List<Way> handlerOnly = List.of(new Way(Placement.FREE, 0), new Way(Placement.FREE, SPIN_NS));
    return movesPeer
        ? List.of(
            new Way(Placement.SAME, SPIN_NS),
            new Way(Placement.SAME, 0),
            new Way(Placement.APART, SPIN_NS),
            handlerOnly.getFirst(),
            handlerOnly.getLast())
        : handlerOnly;
  }

  /** To be called first, on the handler's thread. */
  void start() throws LinuxException {
    own = Processes.affinity();
    apply();
  }

  long spinNs() {
    return way.spinNs();
  }

  /** {@return whether looking for a message should let others run: they share this CPU} */
  boolean yields() {
    return way.placement() != Placement.APART;
  }

  /** A fault was read. */
  void met(WaitingFault fault, long nowNs) throws LinuxException {
    int thread = fault.threadId();
    if (movesPeer
        && thread != 0
        && (!peerMoved || !peerThreads.containsKey(thread))
        && way.placement() != Placement.FREE) {
      learn(thread);
      apply();
    }
    Trial measured = trial;
    if (measured != null && !measured.isOver()) {
      Way next = measured.met(nowNs);
      if (next != null) {
        way = next;
        apply();
      }
    }
  }

  private void learn(int thread) throws LinuxException {
    // Only what is surely the peer's: its number may be of another pid namespace.
    if (!peerThreads.containsKey(thread)
        && peerThreads.size() < MOST_THREADS
        && Files.exists(Path.of("/proc/" + pid + "/task/" + thread))) {
      peerThreads.put(thread, Processes.affinity(thread));
    }
  }

  /** What happens now says nothing about speed: somebody looks at a fault. */
  void disturbed() {
    if (trial != null) {
      trial.disturbed();
    }
  }

  /** No fault came for a while. */
  void idle() {
    disturbed();
    putPeerBack();
  }

  private void apply() throws LinuxException {
    if (own.size() < 2) {
      return;
    }
    int home = own.getLast();
    switch (way.placement()) {
      case SAME -> {
        Processes.pin(home);
        movePeer(List.of(home));
      }
      case APART -> {
        Processes.pin(home);
        movePeer(own.subList(0, own.size() - 1));
      }
      case FREE, MEASURED -> {
        Processes.pin(array(own));
        putPeerBack();
      }
    }
  }

  private void movePeer(List<Integer> cpus) {
    for (int thread : peerThreads.keySet()) {
      pin(thread, cpus);
    }
    peerMoved = true;
  }

  private void putPeerBack() {
    if (peerMoved) {
      peerThreads.forEach(CpuPlacement::pin);
      peerMoved = false;
    }
  }

  private static void pin(int thread, List<Integer> cpus) {
    try {
      Processes.pinThread(thread, array(cpus));
    } catch (LinuxException gone) {
      // It has ended, or is not ours to move: it stays where it is.
    }
  }

  private static int[] array(List<Integer> cpus) {
    return cpus.stream().mapToInt(Integer::intValue).toArray();
  }

  /** {@return how it runs, in words} */
  String inWords() {
    return way.placement() + (way.spinNs() > 0 ? ", spinning" : ", sleeping");
  }

  /** Puts everybody back where they were. */
  void end() {
    putPeerBack();
    if (!own.isEmpty()) {
      pin(0, own);
    }
  }
}
