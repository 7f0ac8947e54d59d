package dev.faultscope.trace.input;

/** Told how far an import got, and asked whether to go on. */
public interface ImportProgress {
  /** Hears nothing and never cancels. */
  ImportProgress NONE = (done, total) -> {};

  /**
   * Called at most every 50 ms and once at the end, perhaps by another thread than the import's.
   *
   * @param done bytes of work done; a file read twice counts twice
   * @param total bytes of work in all
   */
  void advanced(long done, long total);

  /** {@return whether to stop; asked at least once per megabyte read} */
  default boolean cancelled() {
    return false;
  }
}
