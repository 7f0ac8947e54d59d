package dev.faultscope.linux;

import dev.faultscope.linux.ffi.Libc;
import java.util.Optional;

/** Whether this package can be used here at all. Ask before anything else of it. */
public final class Linux {
  private Linux() {}

  /** {@return the running kernel's release, as {@code uname -r} says it} */
  public static String release() {
    return System.getProperty("os.version", "unknown");
  }

  /**
   * {@return why no system call can be made here, with what to do about it; empty where they can}
   */
  public static Optional<String> whyUnavailable() {
    return Optional.ofNullable(Libc.unavailableBecause());
  }
}
