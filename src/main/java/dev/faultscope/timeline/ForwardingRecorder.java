package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;

/** Hands everything on to another recorder: the base of those that look at what passes. */
public abstract class ForwardingRecorder implements Recorder {
  private final Recorder to;

  protected ForwardingRecorder(Recorder to) {
    this.to = to;
  }

  @Override
  public void region(Region region) {
    to.region(region);
  }

  @Override
  public void actor(Actor actor) {
    to.actor(actor);
  }

  @Override
  public void kernel(KernelProfile profile) {
    to.kernel(profile);
  }

  @Override
  public long append(EventDraft draft) {
    return to.append(draft);
  }

  @Override
  public int stateOf(int region, int page) {
    return to.stateOf(region, page);
  }

  @Override
  public boolean keepsContents() {
    return to.keepsContents();
  }

  @Override
  public long lastSequence() {
    return to.lastSequence();
  }

  @Override
  public void note(String text) {
    to.note(text);
  }

  @Override
  public void bookmark(Bookmark bookmark) {
    to.bookmark(bookmark);
  }
}
