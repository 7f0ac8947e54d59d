package dev.faultscope.stream;

import dev.faultscope.session.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a browser says: docs/wire-protocol.md, "Client messages". */
sealed interface ClientMessage {
  /**
   * The first message.
   *
   * @param resume what it has painted already, null for nothing
   * @param seq the moment to show
   */
  record Hello(@Nullable Resume resume, long seq) implements ClientMessage {}

  /** A moment painted in an earlier connection. */
  record Resume(long epoch, long seq) {}

  /** So many binary frames of this connection were taken in. */
  record Ack(long frames) implements ClientMessage {}

  /** What is on screen. */
  record View(int region, int first, int count) implements ClientMessage {}

  /** The tiles of a large recording whose pages are looked at, the most wanted first. */
  record Tiles(List<Tile> tiles) implements ClientMessage {}

  /** A command for the exploration. */
  record Act(Command command) implements ClientMessage {}

  /** Whether anything is to be sent. */
  record Stream(boolean on) implements ClientMessage {}
}
