package dev.faultscope.session.watch;

import dev.faultscope.model.Actor;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;

/** Counts the faults that pass through it by what they wait for. */
final class Counting implements Recorder {
  private final Recorder recorder;
  private final long[] faults = new long[8];
  private long kinds;

  Counting(Recorder recorder) {
    this.recorder = recorder;
  }

  long faults(FaultOrigin origin) {
    return faults[origin.code()];
  }

  boolean saw(EventKind kind) {
    return (kinds >> kind.code() & 1) != 0;
  }

  @Override
  public void region(Region region) {
    recorder.region(region);
  }

  @Override
  public void actor(Actor actor) {
    recorder.actor(actor);
  }

  @Override
  public void kernel(KernelProfile profile) {
    recorder.kernel(profile);
  }

  @Override
  public long append(EventDraft draft) {
    kinds |= 1L << draft.kind().code();
    if (draft.kind() == EventKind.ENQUEUE) {
      faults[FaultOrigin.ofCode(draft.detail()).code()]++;
    }
    return recorder.append(draft);
  }

  @Override
  public int stateOf(int region, int page) {
    return recorder.stateOf(region, page);
  }

  @Override
  public boolean keepsContents() {
    return false;
  }

  @Override
  public long lastSequence() {
    return recorder.lastSequence();
  }

  @Override
  public void note(String text) {
    recorder.note(text);
  }
}
