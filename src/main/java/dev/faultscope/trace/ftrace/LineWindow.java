package dev.faultscope.trace.ftrace;

/**
 * The last lines read, in a ring of fixed size: what makes memory independent of the file's size.
 */
final class LineWindow {
  /** Lines held back at most. */
  static final int CAPACITY = 1 << 16;

  private final Line[] ring = new Line[CAPACITY];
  private long head;
  private long tail;

  LineWindow() {
    for (int i = 0; i < CAPACITY; i++) {
      ring[i] = new Line();
    }
  }

  boolean isFull() {
    return head - tail == CAPACITY;
  }

  /** Index of the oldest line held. */
  long tail() {
    return tail;
  }

  /** Index the next line will have. */
  long head() {
    return head;
  }

  /** {@return the slot of the next line, which the caller fills} */
  Line push() {
    return ring[(int) (head++ & (CAPACITY - 1))];
  }

  Line get(long index) {
    return ring[(int) (index & (CAPACITY - 1))];
  }

  void pop() {
    tail++;
  }
}
