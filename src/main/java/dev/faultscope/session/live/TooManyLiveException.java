package dev.faultscope.session.live;

/** As many guests and attachments as may be are there already. */
public final class TooManyLiveException extends Exception {
  private static final long serialVersionUID = 1L;

  TooManyLiveException(int most) {
    super(most + " guests and attachments are live already; end one first");
  }
}
