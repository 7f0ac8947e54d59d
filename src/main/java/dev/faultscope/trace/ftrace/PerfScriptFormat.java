package dev.faultscope.trace.ftrace;

import dev.faultscope.trace.input.TraceHead;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What {@code perf script} prints. */
public final class PerfScriptFormat extends KernelText {
  private static final Pattern LINE =
      Pattern.compile("\\s*\\S.*\\s+\\d+(/\\d+)?\\s+(\\[\\d+\\]\\s+)?\\d+\\.\\d+:\\s+\\w+:\\S+.*");

  @Override
  public String source() {
    return "perf-script";
  }

  @Override
  public String text() {
    return "perf script text";
  }

  @Override
  public OptionalInt firstSign(TraceHead head) {
    return head.line(LINE);
  }
}
