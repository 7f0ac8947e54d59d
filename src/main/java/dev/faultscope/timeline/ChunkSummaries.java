package dev.faultscope.timeline;

/** Reads SUMMARY chunks: the moment before a chunk of events, then what the chunk contains. */
final class ChunkSummaries {
  private ChunkSummaries() {}

  static Fold fold(EventStore store, EventStore.Chunk chunk, Declarations declared) {
    ChunkReader from = reader(store, chunk);
    Fold fold = Fold.read(from, declared.actorCount(), declared.regionCount());
    if (fold.position() != chunk.first() - 1) {
      throw from.damaged("a saved moment is not the one before its events");
    }
    return fold;
  }

  static ChunkSummary summary(EventStore store, EventStore.Chunk chunk) {
    ChunkReader from = reader(store, chunk);
    Fold.skip(from);
    return ChunkSummary.read(from, store.version(), chunk.first(), chunk.last());
  }

  private static ChunkReader reader(EventStore store, EventStore.Chunk chunk) {
    return new ChunkReader(store.file(), store.mapped(), chunk.summary(), chunk.bytes());
  }
}
