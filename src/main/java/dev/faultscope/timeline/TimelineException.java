package dev.faultscope.timeline;

import java.nio.file.Path;

/**
 * A file that cannot be read as a recording: it is not one, is newer than this program, or says
 * something that cannot be true.
 */
public final class TimelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final long offset;
  private final String reason;

  /**
   * @param offset the byte in the file where reading stopped making sense
   * @param reason what is wrong there and what can be done about it
   */
  public TimelineException(Path file, long offset, String reason) {
    super(file + ", byte " + offset + ": " + reason);
    this.file = file;
    this.offset = offset;
    this.reason = reason;
  }

  /** {@return the file} */
  public Path file() {
    return file;
  }

  /** {@return the byte where reading stopped making sense} */
  public long offset() {
    return offset;
  }

  /** {@return what is wrong and what can be done about it} */
  public String reason() {
    return reason;
  }
}
