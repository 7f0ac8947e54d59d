package dev.faultscope.trace.ftrace;

/** A line that cannot be read. Has no stack trace: a file may hold millions of them. */
final class LineDamagedException extends Exception {
  private static final long serialVersionUID = 1L;

  LineDamagedException(String reason) {
    super(reason, null, false, false);
  }

  /** {@return what is wrong, in words} */
  String reason() {
    return String.valueOf(getMessage());
  }
}
