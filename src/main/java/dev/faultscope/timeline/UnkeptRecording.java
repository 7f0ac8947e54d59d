package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Event;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;

/**
 * A recorder for runs that nobody wants to look at later: it knows the present state of every page
 * and counts events as a {@link RecordingFile} numbers them, and keeps none.
 */
public final class UnkeptRecording implements Recorder {
  private final PageStates states =
      new PageStates(
          offset -> {
            throw new AssertionError("every tile is in memory");
          });
  private final StateCodes codes = new StateCodes();
  private int actors;
  private long last;

  @Override
  public void region(Region region) {
    if (region.index() != states.regionCount()) {
      throw new IllegalArgumentException("the next region is " + states.regionCount());
    }
    states.addRegion(region.pages());
    codes.add(region);
  }

  @Override
  public void actor(Actor actor) {
    actors = Math.max(actors, actor.index() + 1);
  }

  @Override
  public long append(EventDraft draft) {
    draft.check(states, actors, last);
    long first = last + 1;
    if (draft.pageCount == 0 || draft.region == Event.NONE) {
      last++;
    } else if (draft.pageCount == 1) {
      states.change(codes, draft.region, draft.firstPage, draft.clear, draft.set);
      last++;
    } else {
      appendRuns(draft);
    }
    return first;
  }

  private void appendRuns(EventDraft draft) {
    int end = draft.firstPage + draft.pageCount;
    for (int page = draft.firstPage; page < end; last++) {
      int before = states.get(draft.region, page);
      int after = codes.after(draft.region, before, draft.clear, draft.set);
      int next = states.runEnd(draft.region, page, end);
      if (before != after) {
        states.fill(draft.region, page, next - page, after);
      }
      page = next;
    }
  }

  @Override
  public int stateOf(int region, int page) {
    if (region < 0 || region >= states.regionCount() || page < 0 || page >= states.pages(region)) {
      throw new IllegalArgumentException("page " + page + " of region " + region + " is unknown");
    }
    return codes.state(region, states.get(region, page));
  }

  @Override
  public boolean keepsContents() {
    return false;
  }

  @Override
  public long lastSequence() {
    return last;
  }

  @Override
  public void kernel(KernelProfile profile) {}

  @Override
  public void note(String text) {}
}
