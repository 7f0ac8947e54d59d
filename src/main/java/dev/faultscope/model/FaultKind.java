package dev.faultscope.model;

/** Which kind of fault an ENQUEUE or a READ is about, as its flags tell. */
public enum FaultKind {
  MISSING("missing", "missing"),
  MINOR("minor", "minor"),
  WRITE_PROTECT("wp", "write-protect"),
  READ_WRITE_PROTECT("rwp", "read-write-protect"),
  /** The source does not tell. */
  UNKNOWN("unknown", "unknown");

  private final String id;
  private final String word;

  FaultKind(String id, String word) {
    this.id = id;
    this.word = word;
  }

  /** {@return its short name, in tables and JSON} */
  public String id() {
    return id;
  }

  /** {@return the kind in words, as the narrator says it} */
  public String word() {
    return word;
  }

  /**
   * {@return the kind}
   *
   * @param flags {@link EventFlags}
   */
  public static FaultKind of(int flags) {
    if ((flags & EventFlags.KIND_UNKNOWN) != 0) {
      return UNKNOWN;
    }
    if ((flags & EventFlags.RWP) != 0) {
      return READ_WRITE_PROTECT;
    }
    if ((flags & EventFlags.WP) != 0) {
      return WRITE_PROTECT;
    }
    return (flags & EventFlags.MINOR) != 0 ? MINOR : MISSING;
  }
}
