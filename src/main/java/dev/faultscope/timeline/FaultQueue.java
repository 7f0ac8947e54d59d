package dev.faultscope.timeline;

import java.util.Arrays;

/**
 * Sleeping actors in the order of their ENQUEUE events. Sequence numbers only grow, so the queue is
 * a sorted array that is searched by halves; an entry that left keeps its place until the array is
 * tidied.
 */
final class FaultQueue {
  private static final int GONE = -1;

  private long[] sequences = new long[16];
  private int[] actors = new int[16];
  private int head;
  private int tail;
  private int size;

  /** Told each entry, oldest first. */
  @FunctionalInterface
  interface Visitor {
    void entry(long sequence, int actor);
  }

  int size() {
    return size;
  }

  /** Adds an entry younger than all others. */
  void add(long sequence, int actor) {
    if (tail == sequences.length) {
      tidy();
    }
    sequences[tail] = sequence;
    actors[tail++] = actor;
    size++;
  }

  void remove(long sequence) {
    int at = find(sequence);
    if (at < 0 || actors[at] == GONE) {
      return;
    }
    actors[at] = GONE;
    size--;
    while (head < tail && actors[head] == GONE) {
      head++;
    }
    if (head == tail) {
      head = 0;
      tail = 0;
    }
  }

  /** {@return who sleeps since an event, or -1} */
  int actorOf(long sequence) {
    int at = find(sequence);
    return at < 0 ? GONE : actors[at];
  }

  /** {@return where an entry is, negative where it is not; mostly the oldest is wanted} */
  private int find(long sequence) {
    return head < tail && sequences[head] == sequence
        ? head
        : Arrays.binarySearch(sequences, head, tail, sequence);
  }

  void forEach(Visitor visitor) {
    for (int i = head; i < tail; i++) {
      if (actors[i] != GONE) {
        visitor.entry(sequences[i], actors[i]);
      }
    }
  }

  private void tidy() {
    if (size > sequences.length / 2) {
      sequences = Arrays.copyOf(sequences, sequences.length * 2);
      actors = Arrays.copyOf(actors, actors.length * 2);
    }
    int n = 0;
    for (int i = head; i < tail; i++) {
      if (actors[i] != GONE) {
        sequences[n] = sequences[i];
        actors[n++] = actors[i];
      }
    }
    head = 0;
    tail = n;
  }
}
