package dev.faultscope.linux;

import java.io.IOException;

/** A system call that failed, with what was asked for. */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1;

  private final String operation;
  private final int errno;
  private final String detail;

  /**
   * Describes a failure.
   *
   * @param operation the call, e.g. {@code UFFDIO_REGISTER}
   * @param errno a positive error number
   * @param detail what it was asked to do, or what to do about it
   */
  public LinuxException(String operation, int errno, String detail) {
    super(operation + ": " + Errno.name(errno) + (detail.isEmpty() ? "" : " (" + detail + ")"));
    this.operation = operation;
    this.errno = errno;
    this.detail = detail;
  }

  /** {@return the value of a call that answers {@code -errno} when it fails} */
  static long check(long value, String operation, String detail) throws LinuxException {
    if (value < 0) {
      throw new LinuxException(operation, (int) -value, detail);
    }
    return value;
  }

  /** {@return the call, the kernel's error and the detail}; never null, unlike other exceptions' */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** {@return the call that failed} */
  public String operation() {
    return operation;
  }

  /** {@return its positive error number} */
  public int errno() {
    return errno;
  }

  /** {@return what it was asked to do} */
  public String detail() {
    return detail;
  }
}
