package dev.faultscope.trace;

import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Event;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.output.TraceWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The recipe "an export" of CONTRIBUTING.md, carried out: moment, time and kind, by commas. */
public final class ExampleWriter implements TraceWriter {
  @Override
  public String name() {
    return "csv";
  }

  @Override
  public String text() {
    return "Moments as a table";
  }

  @Override
  public String mediaType() {
    return "text/csv";
  }

  @Override
  public void write(Timeline timeline, List<Bookmark> bookmarks, OutputStream out)
      throws IOException {
    long last = timeline.lastSequence();
    for (long sequence = 1; sequence <= last; sequence++) {
      Event event = timeline.event(sequence);
      String line = sequence + "," + event.timeNs() + "," + event.kind() + "\n";
      out.write(line.getBytes(StandardCharsets.US_ASCII));
    }
    out.flush();
  }
}
