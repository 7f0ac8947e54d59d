package dev.faultscope.timeline;

/** Seals a chunk after every so many events, so that a short recording has several. */
public final class ChunkedRecorder extends ForwardingRecorder {
  private final RecordingFile file;
  private final int drafts;
  private int since;

  /** Writes into a file whose chunks have so many drafts each, at most. */
  public ChunkedRecorder(RecordingFile file, int drafts) {
    super(file);
    this.file = file;
    this.drafts = drafts;
  }

  @Override
  public long append(EventDraft draft) {
    long sequence = super.append(draft);
    if (++since == drafts) {
      since = 0;
      file.flush();
    }
    return sequence;
  }
}
