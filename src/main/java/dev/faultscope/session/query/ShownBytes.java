package dev.faultscope.session.query;

import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import java.util.List;

/**
 * Bytes of a page as an event saw, wrote or left them.
 *
 * @param offset of the first within the page
 * @param length how many
 * @param value what each is, 0 to 255
 */
public record ShownBytes(int offset, int length, int value) {
  /** {@return what an event says, of its first page} */
  static List<ShownBytes> of(Event event, List<Content> contents) {
    return contents.stream()
        .map(
            content ->
                new ShownBytes(content.offset(), content.length(), content.on(event.firstPage())))
        .toList();
  }
}
