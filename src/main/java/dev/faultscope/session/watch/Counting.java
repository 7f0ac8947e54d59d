package dev.faultscope.session.watch;

import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.ForwardingRecorder;
import dev.faultscope.timeline.Recorder;

/** Counts the faults that pass through it by what they wait for. */
final class Counting extends ForwardingRecorder {
  private final long[] faults = new long[8];
  private long kinds;

  Counting(Recorder recorder) {
    super(recorder);
  }

  long faults(FaultOrigin origin) {
    return faults[origin.code()];
  }

  boolean saw(EventKind kind) {
    return (kinds >> kind.code() & 1) != 0;
  }

  @Override
  public long append(EventDraft draft) {
    kinds |= 1L << draft.kind().code();
    if (draft.kind() == EventKind.ENQUEUE) {
      faults[FaultOrigin.ofCode(draft.detail()).code()]++;
    }
    return super.append(draft);
  }
}
