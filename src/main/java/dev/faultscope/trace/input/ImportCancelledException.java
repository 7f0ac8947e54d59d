package dev.faultscope.trace.input;

/** The listener asked an import to stop. What was recorded until then stays valid. */
public final class ImportCancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An import that was stopped on request. */
  public ImportCancelledException() {
    super("the import was cancelled");
  }
}
