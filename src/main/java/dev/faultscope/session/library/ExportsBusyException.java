package dev.faultscope.session.library;

/** As many recordings are being saved as may be at once. */
public final class ExportsBusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExportsBusyException(int most) {
    super(most + " recordings are being saved already; try again when one of them is done.");
  }
}
