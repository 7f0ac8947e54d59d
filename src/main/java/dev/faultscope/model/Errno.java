package dev.faultscope.model;

import java.util.Arrays;
import java.util.Optional;

/** Names of the error numbers that memory faults meet (include/uapi/asm-generic/errno.h). */
public enum Errno {
  OK(0),
  EPERM(1),
  ENOENT(2),
  ESRCH(3),
  EINTR(4),
  EIO(5),
  EBADF(9),
  EAGAIN(11),
  ENOMEM(12),
  EACCES(13),
  EFAULT(14),
  EBUSY(16),
  EEXIST(17),
  ENODEV(19),
  EINVAL(22),
  ENOTTY(25),
  EFBIG(27),
  ENOSPC(28),
  ESPIPE(29),
  ENOSYS(38),
  EOVERFLOW(75),
  EOPNOTSUPP(95),
  EHWPOISON(133);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  /** {@return the positive error number; 0 for success} */
  public int number() {
    return number;
  }

  /** {@return the constant of an error number, empty where there is none} */
  public static Optional<Errno> find(int number) {
    return Arrays.stream(values()).filter(errno -> errno.number == number).findFirst();
  }

  /**
   * {@return the constant of an error number}
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Errno of(int number) {
    return find(number)
        .orElseThrow(() -> new IllegalArgumentException("no errno " + number + " is known here"));
  }

  /** {@return the name of an error number, or {@code errno N} where none is known} */
  public static String nameOf(int number) {
    return find(number).map(Errno::name).orElse("errno " + number);
  }
}
