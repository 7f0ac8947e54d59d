package dev.faultscope.simulation.kernel;

import dev.faultscope.model.Errno;

/**
 * What an ioctl answers.
 *
 * @param errno {@link Errno#OK} or why it failed
 * @param field its result field: bytes done or a negative errno; {@link #UNTOUCHED} where the
 *     kernel does not write it
 */
public record IoctlResult(Errno errno, long field) {
  /** The result field keeps what the caller put there. */
  public static final long UNTOUCHED = Long.MIN_VALUE;

  static final IoctlResult OK = new IoctlResult(Errno.OK, UNTOUCHED);

  static IoctlResult fails(Errno errno) {
    return new IoctlResult(errno, UNTOUCHED);
  }

  static IoctlResult failsInField(Errno errno) {
    return new IoctlResult(errno, -errno.number());
  }

  /** {@return the answer of a fill that did some bytes of what was asked} */
  static IoctlResult done(long done, long asked) {
    return new IoctlResult(done == asked ? Errno.OK : Errno.EAGAIN, done);
  }
}
