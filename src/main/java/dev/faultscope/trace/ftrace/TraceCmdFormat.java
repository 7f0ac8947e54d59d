package dev.faultscope.trace.ftrace;

import dev.faultscope.trace.input.TraceHead;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code trace-cmd report} prints. */
public final class TraceCmdFormat extends KernelText {
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*\\S.*-\\d+\\s+(\\([\\s\\d-]+\\)\\s+)?\\[\\d+\\]\\s+\\d+(\\.\\d+)?: +\\S.*");

  @Override
  public String source() {
    return "trace-cmd";
  }

  @Override
  public String text() {
    return "trace-cmd report text";
  }

  @Override
  public OptionalInt firstSign(TraceHead head) {
    return Stream.of("cpus=", "trace-cmd", "version =").anyMatch(head.text()::startsWith)
        ? OptionalInt.of(0)
        : head.line(LINE);
  }
}
