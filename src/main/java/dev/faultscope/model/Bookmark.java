package dev.faultscope.model;

import java.util.Comparator;

/**
 * What a person noted at a moment of a recording, about a page where it is about one.
 *
 * @param number tells it from the others of the recording, from 1
 * @param sequence the moment, from 0
 * @param region the page's region, or {@link Event#NONE} where it is about no page
 * @param page within the region, in 4-KiB pages; 0 where it is about none
 * @param text one line, at most {@value #MOST_CHARS} characters; may be empty
 */
public record Bookmark(int number, long sequence, int region, int page, String text) {
  /** Most characters of a text. */
  public static final int MOST_CHARS = 500;

  /** Most bookmarks of a recording. */
  public static final int MOST = 200;

  /** The order they are shown in. */
  public static final Comparator<Bookmark> BY_MOMENT =
      Comparator.comparingLong(Bookmark::sequence).thenComparingInt(Bookmark::number);

  public Bookmark {
    if (number < 1 || sequence < 0 || region < 0 || region > Event.NONE || page < 0) {
      throw new IllegalArgumentException(
          "bookmark %d at moment %d on page %d of region %d cannot be"
              .formatted(number, sequence, page, region));
    }
    if (text.length() > MOST_CHARS) {
      throw new IllegalArgumentException(
          "a bookmark's text has at most %d characters, this one has %d: shorten it"
              .formatted(MOST_CHARS, text.length()));
    }
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      if (isNoText(text.codePointAt(at))) {
        throw new IllegalArgumentException(
            "a bookmark's text is one line of characters that can be shown: leave out U+%04X at %d"
                .formatted(text.codePointAt(at), at));
      }
    }
  }

  private static boolean isNoText(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** {@return whether it is about a page} */
  public boolean hasPage() {
    return region != Event.NONE;
  }

  /** {@return the same under another number} */
  public Bookmark numbered(int other) {
    return new Bookmark(other, sequence, region, page, text);
  }
}
