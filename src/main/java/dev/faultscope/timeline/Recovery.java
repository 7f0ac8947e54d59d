package dev.faultscope.timeline;

import java.util.Locale;

/**
 * What was lost of a recording that was opened.
 *
 * @param partial whether the recording may have gone on: it was cut, damaged or never finished
 * @param offset the byte in the file up to which everything was read
 * @param lostBytes bytes from there to the end of the file that could not be read
 * @param reason why reading ended there, one sentence; empty for a whole recording
 */
public record Recovery(boolean partial, long offset, long lostBytes, String reason) {
  /**
   * {@return what was lost and how much is whole, for a person; empty for a whole recording}
   *
   * @param name what the file is called
   * @param events how many could be read
   * @param endNs time of the last of them
   */
  public String inWords(String name, long events, long endNs) {
    if (!partial) {
      return "";
    }
    String whole =
        events == 0
            ? "Not one event of it can be read."
            : String.format(
                Locale.ROOT,
                "%s, up to %.6f s, %s here; whatever came after is lost.",
                events == 1 ? "Its first event" : "Its first " + events + " events",
                endNs / 1e9,
                events == 1 ? "is" : "are");
    return "%s is not whole: %s, at byte %d. %s".formatted(name, reason, offset, whole);
  }

  /** {@return the recovery of a recording that lost nothing} */
  static Recovery whole(long bytes) {
    return new Recovery(false, bytes, 0, "");
  }
}
