package dev.faultscope.linux;

/**
 * Error numbers that are branched on, and the names of the rest
 * (include/uapi/asm-generic/errno*.h).
 */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int ENOTTY = 25;
  public static final int ESPIPE = 29;
  public static final int ENOSYS = 38;
  public static final int EOPNOTSUPP = 95;
  public static final int EADDRINUSE = 98;
  public static final int ECONNREFUSED = 111;

  private static final String[] LOW = {
    "OK",
    "EPERM",
    "ENOENT",
    "ESRCH",
    "EINTR",
    "EIO",
    "ENXIO",
    "E2BIG",
    "ENOEXEC",
    "EBADF",
    "ECHILD",
    "EAGAIN",
    "ENOMEM",
    "EACCES",
    "EFAULT",
    "ENOTBLK",
    "EBUSY",
    "EEXIST",
    "EXDEV",
    "ENODEV",
    "ENOTDIR",
    "EISDIR",
    "EINVAL",
    "ENFILE",
    "EMFILE",
    "ENOTTY",
    "ETXTBSY",
    "EFBIG",
    "ENOSPC",
    "ESPIPE",
    "EROFS",
    "EMLINK",
    "EPIPE",
    "EDOM",
    "ERANGE",
    "EDEADLK",
    "ENAMETOOLONG",
    "ENOLCK",
    "ENOSYS"
  };

  private Errno() {}

  /** {@return the kernel's name of an error number, or {@code errno N}} */
  public static String name(int errno) {
    if (errno >= 0 && errno < LOW.length) {
      return LOW[errno];
    }
    return switch (errno) {
      case EOPNOTSUPP -> "EOPNOTSUPP";
      case EADDRINUSE -> "EADDRINUSE";
      case 103 -> "ECONNABORTED";
      case 104 -> "ECONNRESET";
      case 107 -> "ENOTCONN";
      case 110 -> "ETIMEDOUT";
      case ECONNREFUSED -> "ECONNREFUSED";
      case 133 -> "EHWPOISON";
      default -> "errno " + errno;
    };
  }
}
