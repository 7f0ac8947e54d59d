package dev.faultscope.trace;

/** The forms of recordings that can be read. */
public enum TraceFormat {
  /** This program's own binary recording. */
  FSCOPE("Faultscope recording (.fscope)"),
  /** This program's own text form: one event a line. */
  NDJSON("Faultscope events, one JSON object a line (.ndjson)"),
  FTRACE("raw ftrace text"),
  TRACE_CMD("trace-cmd report text"),
  PERF_SCRIPT("perf script text");

  private final String text;

  TraceFormat(String text) {
    this.text = text;
  }

  /** {@return the format in words} */
  public String text() {
    return text;
  }

  /** {@return the word a recording keeps as its source} */
  public String source() {
    return switch (this) {
      case FSCOPE -> "fscope";
      case NDJSON -> "ndjson";
      case FTRACE -> "ftrace";
      case TRACE_CMD -> "trace-cmd";
      case PERF_SCRIPT -> "perf-script";
    };
  }
}
