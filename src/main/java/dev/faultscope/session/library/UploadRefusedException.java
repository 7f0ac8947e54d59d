package dev.faultscope.session.library;

/** An upload that is not taken; the message says why and what to do. */
public final class UploadRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    TOO_LARGE,
    DISK_FULL,
    UNREADABLE,
    BUSY
  }

  private final Reason reason;

  private UploadRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static UploadRefusedException tooLarge(long limit) {
    return new UploadRefusedException(
        Reason.TOO_LARGE,
        "The file is larger than the limit of "
            + limit
            + " bytes; raise faultscope.upload-limit, or convert the file on the command line.");
  }

  static UploadRefusedException diskFull(long free) {
    return new UploadRefusedException(
        Reason.DISK_FULL,
        "The disk of faultscope.data-dir has only " + free + " bytes free; make room first.");
  }

  static UploadRefusedException unreadable(String why) {
    return new UploadRefusedException(Reason.UNREADABLE, why);
  }

  static UploadRefusedException busy(int waiting) {
    return new UploadRefusedException(
        Reason.BUSY, "Already " + waiting + " imports wait; try again when one has ended.");
  }

  /** {@return why it is not taken} */
  public Reason reason() {
    return reason;
  }
}
