package dev.faultscope.linux;

/**
 * What an ioctl that answers faults said.
 *
 * @param errno 0, or the positive error number
 * @param field the structure's result field: bytes done if positive, {@code -errno} if negative; 0
 *     where the kernel left it untouched or the structure has none
 */
public record UffdResult(int errno, long field) {
  /** {@return whether all of it was done} */
  public boolean ok() {
    return errno == 0;
  }

  /** {@return bytes done before it stopped} */
  public long done() {
    return Math.max(0, field);
  }

  @Override
  public String toString() {
    return ok() ? "ok, " + field : Errno.name(errno) + ", field " + field;
  }
}
