package dev.faultscope.trace;

import dev.faultscope.trace.input.TraceException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Tells a recording's format from its first bytes, never from its name. */
public final class FormatDetector {
  /** Bytes of a file that are looked at. */
  public static final int HEAD_BYTES = 64 << 10;

  private static final String SUPPORTED =
      "Supported are raw ftrace, trace-cmd report and perf script text (also gzip-compressed),"
          + " .fscope and Faultscope .ndjson";

  private static final Pattern FTRACE_LINE =
      Pattern.compile(
          "\\s*\\S.*-\\d+\\s+(\\([\\s\\d-]+\\)\\s+)?\\[\\d+\\]\\s+\\S{4,5}\\s+\\d+(\\.\\d+)?:"
              + " \\S.*");
  private static final Pattern TRACE_CMD_LINE =
      Pattern.compile(
          "\\s*\\S.*-\\d+\\s+(\\([\\s\\d-]+\\)\\s+)?\\[\\d+\\]\\s+\\d+(\\.\\d+)?: +\\S.*");
  private static final Pattern PERF_LINE =
      Pattern.compile("\\s*\\S.*\\s+\\d+(/\\d+)?\\s+(\\[\\d+\\]\\s+)?\\d+\\.\\d+:\\s+\\w+:\\S+.*");
  private static final Pattern STRACE_LINE =
      Pattern.compile(
          "(\\[pid +\\d+\\] |\\d+ +)?(\\d+(\\.\\d+)? |\\d+:\\d+:\\d+(\\.\\d+)? )?\\w+\\(.*"
              + "(\\) += .*|<unfinished \\.\\.\\.>)");
  private static final Pattern PERF_TRACE_LINE =
      Pattern.compile("\\s*\\d+\\.\\d+ \\(.*ms\\s*\\)?.*:? .*");

  private FormatDetector() {}

  /**
   * {@return the format of a file}
   *
   * @param head its first bytes, at most {@value #HEAD_BYTES}
   * @param name what to call it in the message
   * @throws TraceException naming what it seems to be and what to do, if it is none of them
   */
  public static TraceFormat detect(byte[] head, String name) throws TraceException {
    if (head.length == 0) {
      throw new TraceException(name + " is empty. " + SUPPORTED + ".");
    }
    if (startsWith(head, "\u0089FSCOPE\n")) {
      return TraceFormat.FSCOPE;
    }
    rejectBinary(head, name);
    String text = new String(head, StandardCharsets.ISO_8859_1);
    String first = text.stripLeading();
    if (first.startsWith("{")) {
      if (first.startsWith("{\"faultscope\"")) {
        return TraceFormat.NDJSON;
      }
      throw new TraceException(
          name
              + " is JSON, but not of this program: its first line does not begin with"
              + " {\"faultscope\". "
              + SUPPORTED
              + ".");
    }
    if (text.startsWith("# tracer:")) {
      return TraceFormat.FTRACE;
    }
    if (text.startsWith("cpus=") || text.startsWith("trace-cmd") || text.startsWith("version =")) {
      return TraceFormat.TRACE_CMD;
    }
    boolean strace = false;
    boolean perfTrace = false;
    for (String line : text.lines().limit(2000).toList()) {
      if (line.length() > 2000) {
        continue;
      }
      if (FTRACE_LINE.matcher(line).matches()) {
        return TraceFormat.FTRACE;
      }
      if (TRACE_CMD_LINE.matcher(line).matches()) {
        return TraceFormat.TRACE_CMD;
      }
      if (PERF_LINE.matcher(line).matches()) {
        return TraceFormat.PERF_SCRIPT;
      }
      strace |= STRACE_LINE.matcher(line).matches();
      perfTrace |= PERF_TRACE_LINE.matcher(line).matches();
    }
    if (strace) {
      throw new TraceException(
          name
              + " looks like strace output, which this version does not read yet; record"
              + " page_fault and ioctl events with trace-cmd or perf instead. "
              + SUPPORTED
              + ".");
    }
    if (perfTrace) {
      throw new TraceException(
          name
              + " looks like perf trace output, which this version does not read yet; use perf"
              + " record and perf script instead. "
              + SUPPORTED
              + ".");
    }
    throw new TraceException(
        name
            + " is no recording this program knows: it begins with "
            + glimpse(text)
            + ". "
            + SUPPORTED
            + ".");
  }

  private static void rejectBinary(byte[] head, String name) throws TraceException {
    String hint = null;
    if (head.length >= 10 && head[0] == 0x17 && head[1] == 0x08 && head[2] == 0x44) {
      hint =
          "is a binary trace.dat: run `trace-cmd report -i " + name + " > trace.txt` and open that";
    } else if (startsWith(head, "PERFILE2")) {
      hint = "is a binary perf.data: run `perf script -i " + name + " > trace.txt` and open that";
    } else if (startsWith(head, "PK\u0003\u0004") || startsWith(head, "PK\u0005\u0006")) {
      hint = "is a zip archive: unpack it and open the trace inside";
    } else if (startsWith(head, "\u0028\u00b5\u002f\u00fd")) {
      hint = "is compressed with zstd: run `zstd -d " + name + "` and open the result";
    } else if (startsWith(head, "\u00fd7zXZ")) {
      hint = "is compressed with xz: run `xz -d " + name + "` and open the result";
    } else if (startsWith(head, "BZh")) {
      hint = "is compressed with bzip2: run `bzip2 -d " + name + "` and open the result";
    } else if (startsWith(head, "\u007fELF")) {
      hint = "is a program, not a recording";
    }
    if (hint != null) {
      throw new TraceException(name + " " + hint + ". " + SUPPORTED + ".");
    }
  }

  private static boolean startsWith(byte[] head, String text) {
    byte[] prefix = text.getBytes(StandardCharsets.ISO_8859_1);
    return head.length >= prefix.length
        && Arrays.equals(head, 0, prefix.length, prefix, 0, prefix.length);
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
