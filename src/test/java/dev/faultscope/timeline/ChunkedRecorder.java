package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;

/** Seals a chunk after every so many events, so that a short recording has several. */
public final class ChunkedRecorder implements Recorder {
  private final RecordingFile file;
  private final int drafts;
  private int since;

  /** Writes into a file whose chunks have so many drafts each, at most. */
  public ChunkedRecorder(RecordingFile file, int drafts) {
    this.file = file;
    this.drafts = drafts;
  }

  @Override
  public void region(Region region) {
    file.region(region);
  }

  @Override
  public void actor(Actor actor) {
    file.actor(actor);
  }

  @Override
  public long append(EventDraft draft) {
    long sequence = file.append(draft);
    if (++since == drafts) {
      since = 0;
      file.flush();
    }
    return sequence;
  }

  @Override
  public int stateOf(int region, int page) {
    return file.stateOf(region, page);
  }

  @Override
  public long lastSequence() {
    return file.lastSequence();
  }

  @Override
  public void kernel(KernelProfile profile) {
    file.kernel(profile);
  }

  @Override
  public void note(String text) {
    file.note(text);
  }
}
