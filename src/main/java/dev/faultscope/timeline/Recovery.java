package dev.faultscope.timeline;

/**
 * What was lost of a recording that was opened.
 *
 * @param partial whether the recording may have gone on: it was cut, damaged or never finished
 * @param offset the byte in the file up to which everything was read
 * @param lostBytes bytes from there to the end of the file that could not be read
 * @param reason why reading ended there, one sentence; empty for a whole recording
 */
public record Recovery(boolean partial, long offset, long lostBytes, String reason) {
  /** {@return the recovery of a recording that lost nothing} */
  static Recovery whole(long bytes) {
    return new Recovery(false, bytes, 0, "");
  }
}
