package dev.faultscope.stream;

import java.util.Collection;

/** A TILES frame: of which tiles pages are told from now on. */
final class TilesFrame {
  private TilesFrame() {}

  static byte[] encode(int epoch, long seq, Collection<Tile> tiles) {
    FrameBuffer frame = new FrameBuffer(FrameType.TILES, epoch, seq, seq);
    frame.u32(tiles.size());
    for (Tile tile : tiles) {
      frame.u16(tile.region());
      frame.u16(tile.index());
    }
    return frame.toBytes();
  }
}
