package dev.faultscope.model;

/**
 * How much of its range an ioctl of a userfaultfd did.
 *
 * @param errno 0, or the positive error number
 * @param pages pages asked for
 * @param done pages done, from the first on
 * @param failed the page of the range that stopped it, -1 where none did or it is not known
 */
public record CallResult(int errno, int pages, int done, int failed) {

  /**
   * {@return what an ioctl came to that is known as its caller knows it}
   *
   * @param field the result field: bytes done if positive, {@code -errno} if negative, 0 where the
   *     kernel left it untouched or the structure has none
   */
  public static CallResult of(UffdIoctl ioctl, int pages, int errno, long field) {
    if (!ioctl.fills()) {
      return new CallResult(errno, pages, errno == 0 ? pages : 0, -1);
    }
    int done = (int) (Math.max(0, field) / Region.PAGE_BYTES);
    return new CallResult(errno, pages, done, errno != 0 && field != 0 ? done : -1);
  }

  /**
   * {@return what an ioctl came to of which only the errno is known}: EAGAIN for several pages may
   * have done some of them
   */
  public static CallResult ofErrno(UffdIoctl ioctl, int pages, int errno) {
    boolean somewhere = errno == Errno.EAGAIN.number() && pages > 1;
    return of(
        ioctl, pages, errno, errno == 0 ? (long) pages * Region.PAGE_BYTES : somewhere ? 0 : -1);
  }
}
