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
    int at = Arrays.binarySearch(sequences, head, tail, sequence);
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
    int at = Arrays.binarySearch(sequences, head, tail, sequence);
    return at < 0 ? GONE : actors[at];
  }

  void forEach(Visitor visitor) {
    for (int i = head; i < tail; i++) {
      if (actors[i] != GONE) {
        visitor.entry(sequences[i], actors[i]);
      }
    }
  }

  private void tidy() {
    int capacity = size > sequences.length / 2 ? sequences.length * 2 : sequences.length;
    long[] keptSequences = new long[capacity];
    int[] keptActors = new int[capacity];
    int n = 0;
    for (int i = head; i < tail; i++) {
      if (actors[i] != GONE) {
        keptSequences[n] = sequences[i];
        keptActors[n++] = actors[i];
      }
    }
    sequences = keptSequences;
    actors = keptActors;
    head = 0;
    tail = n;
  }
}
