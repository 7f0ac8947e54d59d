package dev.faultscope.session.library;

import dev.faultscope.session.Progress;
import dev.faultscope.session.Session;
import dev.faultscope.session.library.Importer.ImportFailedException;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One import: from a file of the store into a recording of the store, while its session is read.
 * Whatever happens, what was read stays.
 */
final class ImportJob implements Runnable, Importer.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(ImportJob.class);

  private final Importer importer;
  private final RecordingStore store;
  private final RecordingId id;
  private final RecordingStore.About about;
  private final Session session;
  private final FaultIndexing indexing;
  private volatile boolean cancelled;
  private @Nullable RecordingFile recording;

  ImportJob(
      Importer importer,
      RecordingStore store,
      RecordingId id,
      RecordingStore.About about,
      Session session,
      FaultIndexing indexing) {
    this.indexing = indexing;
    this.importer = importer;
    this.store = store;
    this.id = id;
    this.about = about;
    this.session = session;
  }

  Session session() {
    return session;
  }

  void cancel() {
    cancelled = true;
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }

  @Override
  public void advanced(long done, long total) {
    // What an importer counts is its work: it may go through the file twice. A person knows the
    // file.
    long bytes = session.progress().bytesTotal();
    double share = total <= 0 ? 0 : Math.min(1, (double) done / total);
    session.progress(new Progress(Progress.State.LOADING, (long) (share * bytes), bytes, null));
  }

  @Override
  public void run() {
    try {
      String lost =
          cancelled
              ? ""
              : importer.run(store.source(id), about.title(), about.regions(), this::begin, this);
      if (cancelled) {
        end(
            Progress.State.CANCELLED,
            "The import was cancelled; this is what was read until then.");
      } else if (lost.isEmpty()) {
        end(Progress.State.COMPLETE, null);
      } else {
        store.describe(id, store.about(id).missing(lost));
        end(Progress.State.PARTIAL, lost);
      }
    } catch (ImportFailedException e) {
      end(Progress.State.FAILED, e.getMessage());
    } catch (IOException | UncheckedIOException e) {
      end(Progress.State.FAILED, "The recording cannot be written: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("Import of {} ended", id.text(), e);
      end(Progress.State.FAILED, "The import met an error it did not expect; the log says which.");
    }
  }

  private Recorder begin(TimelineInfo info) {
    Path target;
    try {
      target = store.nextRecording(id);
      RecordingFile begun = RecordingFile.create(target, info);
      recording = begun;
      store.forgetOlder(id);
      session.timeline(begun.timeline());
      return begun;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end(Progress.State how, @Nullable String why) {
    RecordingFile written = recording;
    Progress last = session.progress();
    try {
      boolean read = how == Progress.State.COMPLETE || how == Progress.State.PARTIAL;
      if (written != null && read) {
        written.complete();
      } else if (written != null) {
        written.close();
      }
      session.progress(last.ended(how, why));
      indexing.prepare(session);
    } catch (UncheckedIOException e) {
      session.progress(
          last.ended(Progress.State.FAILED, "The recording cannot be written: " + e.getMessage()));
    }
  }
}
