package dev.faultscope.stream;

/** Types of binary frames. */
enum FrameType {
  SNAP(1),
  DELTA(2),
  EVENTS(3),
  CELLS(4),
  TILES(5);

  private final int code;

  FrameType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
