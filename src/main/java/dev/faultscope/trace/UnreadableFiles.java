package dev.faultscope.trace;

import dev.faultscope.trace.input.TraceHead;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says of files that no format reads what they seem to be, and what to do. */
final class UnreadableFiles {
  private static final Pattern STRACE_LINE =
      Pattern.compile(
          "(\\[pid +\\d+\\] |\\d+ +)?(\\d+(\\.\\d+)? |\\d+:\\d+:\\d+(\\.\\d+)? )?\\w+\\(.*"
              + "(\\) += .*|<unfinished \\.\\.\\.>)");
  private static final Pattern PERF_TRACE_LINE =
      Pattern.compile("\\s*\\d+\\.\\d+ \\(.*ms\\s*\\)?.*:? .*");

  private UnreadableFiles() {}

  /** {@return what a binary file is, or null where it is none of those known} */
  static @Nullable String binary(TraceHead head, String name) {
    String text = head.text();
    if (text.startsWith("\u0017\bD")) {
      return "is a binary trace.dat: run `trace-cmd report -i "
          + name
          + " > trace.txt` and open that";
    }
    if (text.startsWith("PERFILE2")) {
      return "is a binary perf.data: run `perf script -i " + name + " > trace.txt` and open that";
    }
    if (text.startsWith("PK\u0003\u0004") || text.startsWith("PK\u0005\u0006")) {
      return "is a zip archive: unpack it and open the trace inside";
    }
    if (text.startsWith("(\u00b5/\u00fd")) {
      return "is compressed with zstd: run `zstd -d " + name + "` and open the result";
    }
    if (text.startsWith("\u00fd7zXZ")) {
      return "is compressed with xz: run `xz -d " + name + "` and open the result";
    }
    if (text.startsWith("BZh")) {
      return "is compressed with bzip2: run `bzip2 -d " + name + "` and open the result";
    }
    if (text.startsWith("\u007fELF")) {
      return "is a program, not a recording";
    }
    return null;
  }

  /** {@return what a file seems to be in which no format found a sign of itself} */
  static String text(TraceHead head) {
    String text = head.text();
    if (text.isEmpty()) {
      return "is empty";
    }
    if (text.stripLeading().startsWith("{")) {
      return "is JSON, but not of this program: its first line does not begin with"
          + " {\"faultscope\"";
    }
    if (head.line(STRACE_LINE).isPresent()) {
      return "looks like strace output, which this version does not read yet; record page_fault"
          + " and ioctl events with trace-cmd or perf instead";
    }
    if (head.line(PERF_TRACE_LINE).isPresent()) {
      return "looks like perf trace output, which this version does not read yet; use perf record"
          + " and perf script instead";
    }
    return "is no recording this program knows: it begins with " + glimpse(text);
  }

  private static String glimpse(String text) {
    StringBuilder out = new StringBuilder("'");
    for (int i = 0; i < Math.min(40, text.length()); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        break;
      }
      out.append(c >= ' ' && c < 0x7f ? c : '?');
    }
    return out.append("'").toString();
  }
}
