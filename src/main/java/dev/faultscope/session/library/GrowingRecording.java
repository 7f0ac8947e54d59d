package dev.faultscope.session.library;

import dev.faultscope.session.Progress;
import dev.faultscope.session.Session;
import dev.faultscope.session.run.RecordingSink;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A recording of something that runs: written by one thread, watched by many. Whatever happens,
 * what was recorded stays in the library.
 */
public final class GrowingRecording implements RecordingSink, AutoCloseable {
  private final Session session;
  private final RecordingFile file;
  private final Recorder recorder;
  private final FaultIndexing indexing;
  private boolean ended;

  GrowingRecording(Session session, RecordingFile file, FaultIndexing indexing) {
    this.indexing = indexing;
    this.session = session;
    this.file = file;
    recorder = new AnnouncingRecorder(file, session::announce);
  }

  @Override
  public String id() {
    return session.id();
  }

  /** {@return what is open for everybody who looks at it} */
  public Session session() {
    return session;
  }

  @Override
  public Recorder recorder() {
    return recorder;
  }

  @Override
  public Timeline timeline() {
    return file.timeline();
  }

  @Override
  public synchronized void complete() {
    end(Progress.State.COMPLETE, null);
  }

  @Override
  public synchronized void breakOff(String why) {
    end(Progress.State.FAILED, why);
  }

  private void end(Progress.State how, @Nullable String why) {
    if (ended) {
      return;
    }
    ended = true;
    Progress last = session.progress();
    try {
      if (how == Progress.State.COMPLETE) {
        file.complete();
      } else {
        file.close();
      }
      session.progress(last.ended(how, why));
      indexing.prepare(session);
    } catch (UncheckedIOException e) {
      session.progress(
          last.ended(Progress.State.FAILED, "The recording cannot be written: " + e.getMessage()));
    }
    session.announce();
  }

  /** Breaks it off where nobody has ended it. */
  @Override
  public void close() {
    breakOff("What was recorded ended without a word.");
  }
}
