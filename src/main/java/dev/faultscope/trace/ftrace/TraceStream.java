package dev.faultscope.trace.ftrace;

import dev.faultscope.timeline.Recorder;
import dev.faultscope.trace.input.ImportLog;
import dev.faultscope.trace.input.LineReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Raw ftrace text that comes bit by bit, as from {@code trace_pipe}, told as it comes: faults of
 * guests with KVM, and of the host. Where memory lies is learned from the faults: a region of 64
 * MiB wherever one is. Not for traces of a userfaultfd; not safe for several threads.
 */
public final class TraceStream {
  /** A longer piece without a line's end is told as a damaged line. */
  private static final int MOST_CARRIED = 1 << 20;

  private final ImportLog log = new ImportLog();
  private final LineIntake intake = new LineIntake(log);
  private final LineEvent event = new LineEvent();
  private final ByteArrayOutputStream carried = new ByteArrayOutputStream();
  private final FtraceImport importing;
  private long lines;
  private long ripe;

  /**
   * @param originNs the trace's time at time 0 of the recording
   */
  public TraceStream(Recorder recorder, long originNs) {
    importing = FtraceImport.growing(recorder, originNs, log);
  }

  /** Takes in text; its last line may end in the next piece. */
  public void add(byte[] text) {
    int end = text.length;
    while (end > 0 && text[end - 1] != '\n') {
      end--;
    }
    carried.write(text, 0, end);
    if (end > 0 || carried.size() > MOST_CARRIED) {
      read();
    }
    carried.write(text, end, text.length - end);
  }

  private void read() {
    LineReader reader = new LineReader(new ByteArrayInputStream(carried.toByteArray()));
    carried.reset();
    try {
      while (reader.advance()) {
        lines++;
        if (intake.take(reader, event)) {
          importing.add(event);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot be read", e);
    }
  }

  /**
   * To be called again and again: tells what had come when it was called last. What came since is
   * held back, because a fault and its exit may lie on both sides of a piece's end.
   */
  public void rest() {
    importing.settle(ripe);
    ripe = importing.head();
  }

  /** Tells all there is. */
  public void end() {
    read();
    importing.end();
  }

  /** {@return lines taken in} */
  public long lines() {
    return lines;
  }

  /** {@return events that the tracer says it lost; -1 where it does not say how many} */
  public long lost() {
    return log.lostEvents();
  }

  /** {@return lines by the name of an event that means nothing here} */
  public Map<String, Long> unknownEvents() {
    return log.unknownEvents();
  }

  /** {@return lines that could not be read} */
  public long damagedLines() {
    return log.damagedLines();
  }
}
