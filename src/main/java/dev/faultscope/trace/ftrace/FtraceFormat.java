package dev.faultscope.trace.ftrace;

import dev.faultscope.trace.input.TraceHead;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What {@code /sys/kernel/tracing/trace} says. */
public final class FtraceFormat extends KernelText {
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*\\S.*-\\d+\\s+(\\([\\s\\d-]+\\)\\s+)?\\[\\d+\\]\\s+\\S{4,5}\\s+\\d+(\\.\\d+)?:"
              + " \\S.*");

  @Override
  public String source() {
    return "ftrace";
  }

  @Override
  public String text() {
    return "raw ftrace text";
  }

  @Override
  public OptionalInt firstSign(TraceHead head) {
    OptionalInt header = head.begins("# tracer:");
    return header.isPresent() ? header : head.line(LINE);
  }
}
