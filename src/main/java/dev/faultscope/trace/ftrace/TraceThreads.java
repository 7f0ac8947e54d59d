package dev.faultscope.trace.ftrace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The threads of a trace by their ids. */
final class TraceThreads {
  /** TraceThreads followed at most; lines of further ones are told without an actor. */
  static final int MAX = 1 << 16;

  private static final int CACHE = 256;
  private final java.util.HashMap<Integer, ThreadTrack> tracks = new java.util.HashMap<>();
  private final @Nullable ThreadTrack[] recent = new ThreadTrack[CACHE];

  /** {@return the thread with an id, if it was seen} */
  @Nullable ThreadTrack find(int tid) {
    ThreadTrack track = recent[tid & (CACHE - 1)];
    return track != null && track.tid == tid ? track : tracks.get(tid);
  }

  /** {@return the thread of an event; null where there are too many} */
  @Nullable ThreadTrack of(LineEvent event, byte[] text) {
    int slot = event.tid & (CACHE - 1);
    ThreadTrack track = recent[slot];
    if (track != null && track.tid == event.tid) {
      return track;
    }
    track = tracks.get(event.tid);
    if (track == null) {
      if (tracks.size() >= MAX) {
        return null;
      }
      byte[] name = Arrays.copyOfRange(text, event.commStart, event.commEnd);
      track = new ThreadTrack(event.tid, new String(name, StandardCharsets.UTF_8).strip());
      tracks.put(event.tid, track);
    }
    recent[slot] = track;
    return track;
  }
}
