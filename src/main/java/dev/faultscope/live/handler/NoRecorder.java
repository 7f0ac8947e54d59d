package dev.faultscope.live.handler;

import dev.faultscope.model.Actor;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;

/** Counts events and keeps none: for a handler whose run nobody wants to look at. */
public class NoRecorder implements Recorder {
  private long count;

  @Override
  public void region(Region region) {}

  @Override
  public void actor(Actor actor) {}

  @Override
  public long append(EventDraft draft) {
    return ++count;
  }

  @Override
  public int stateOf(int region, int page) {
    return PageState.ABSENT;
  }

  @Override
  public long lastSequence() {
    return count;
  }

  @Override
  public void kernel(KernelProfile profile) {}

  @Override
  public void note(String text) {}
}
