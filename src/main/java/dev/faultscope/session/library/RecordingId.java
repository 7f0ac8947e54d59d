package dev.faultscope.session.library;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a recording in links: {@code sample-NAME}, {@code run-} and 16 hex digits for what
 * was run here, or the first 16 hex digits of the SHA-256 of an uploaded file. Made here and
 * checked wherever one comes from outside, since files are named by it.
 *
 * @param text as in links
 */
public record RecordingId(String text) {
  private static final Pattern FORM =
      Pattern.compile("sample-[a-z0-9][a-z0-9-]{0,63}|(run-)?[0-9a-f]{16}");

  public RecordingId {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("this is no name of a recording");
    }
  }

  /** {@return the id a text names; empty where it can be none} */
  public static Optional<RecordingId> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new RecordingId(text)) : Optional.empty();
  }

  static RecordingId ofSample(String name) {
    return new RecordingId("sample-" + name);
  }

  static RecordingId ofRun(long number) {
    return new RecordingId("run-" + HexFormat.of().toHexDigits(number));
  }

  boolean isRun() {
    return text.startsWith("run-");
  }

  boolean isSample() {
    return text.startsWith("sample-");
  }
}
