package dev.faultscope.trace;

import dev.faultscope.trace.fscope.FscopeFormat;
import dev.faultscope.trace.ftrace.FtraceFormat;
import dev.faultscope.trace.ftrace.PerfScriptFormat;
import dev.faultscope.trace.ftrace.TraceCmdFormat;
import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.input.TraceFormat;
import dev.faultscope.trace.input.TraceHead;
import dev.faultscope.trace.ndjson.NdjsonFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The formats that can be read; tells a file's by its first bytes. */
public final class TraceFormats {
  /** Every format of this program; a new one is one more line. */
  public static final TraceFormats STANDARD =
      new TraceFormats(
          List.of(
              new FtraceFormat(),
              new TraceCmdFormat(),
              new PerfScriptFormat(),
              new FscopeFormat(),
              new NdjsonFormat()));

  private final List<TraceFormat> formats;

  /**
   * Some formats.
   *
   * @param formats where two find their first sign at the same place, the earlier of the list wins
   */
  public TraceFormats(List<TraceFormat> formats) {
    this.formats = List.copyOf(formats);
  }

  /** {@return all of them} */
  public List<TraceFormat> all() {
    return formats;
  }

  /**
   * {@return the format of a file}
   *
   * @param head its first bytes
   * @param name what to call it in the message
   * @throws TraceException naming what it seems to be and what to do, if it is none of them
   */
  TraceFormat detect(TraceHead head, String name) throws TraceException {
    String binary = UnreadableFiles.binary(head, name);
    if (binary != null) {
      throw refused(name, binary);
    }
    @Nullable TraceFormat found = null;
    int earliest = Integer.MAX_VALUE;
    for (TraceFormat format : formats) {
      OptionalInt sign = format.firstSign(head);
      if (sign.isPresent() && sign.getAsInt() < earliest) {
        found = format;
        earliest = sign.getAsInt();
      }
    }
    if (found == null) {
      throw refused(name, UnreadableFiles.text(head));
    }
    return found;
  }

  private TraceException refused(String name, String why) {
    return new TraceException(
        name
            + " "
            + why
            + ". Supported are "
            + formats.stream().map(TraceFormat::text).collect(Collectors.joining(", "))
            + "; text may be gzip-compressed.");
  }
}
