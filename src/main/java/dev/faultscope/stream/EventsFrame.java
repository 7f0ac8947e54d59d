package dev.faultscope.stream;

import dev.faultscope.session.Questions;
import dev.faultscope.session.Session;

/** An EVENTS frame: consecutive events in their 32-byte form. */
public final class EventsFrame {
  private static final int RECORD_BYTES = 32;

  private EventsFrame() {}

  /**
   * {@return a frame with events from one on; where there are none, its last sequence number is
   * before its first}
   *
   * @param count 1 to {@link Questions#MAX_EVENTS}
   */
  public static byte[] of(Session session, long from, int count) {
    return of(session.epoch(), from, Questions.records(session, from, count));
  }

  static byte[] of(int epoch, long from, byte[] records) {
    FrameBuffer frame =
        new FrameBuffer(FrameType.EVENTS, epoch, from, from + records.length / RECORD_BYTES - 1);
    frame.bytes(records);
    return frame.toBytes();
  }
}
