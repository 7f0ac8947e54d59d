package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Event;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Lets several sources write into one recorder, each from a thread of its own and with regions and
 * actors numbered from 0.
 */
public final class SharedRecorder {
  private final Recorder recorder;
  private final EventDraft draft = new EventDraft();
  private int regions;
  private int actors;

  /** Shares a recorder that nobody else uses and that is empty. */
  public SharedRecorder(Recorder recorder) {
    this.recorder = recorder;
  }

  /**
   * {@return a recorder for one source; what it returns are sequence numbers of the whole}
   *
   * @param region says what a region of the source is called in the whole; its index is then set
   * @param actor as {@code region}
   */
  public Recorder part(UnaryOperator<Region> region, UnaryOperator<Actor> actor) {
    return new Part(region, actor);
  }

  private final class Part implements Recorder {
    private final UnaryOperator<Region> regionOf;
    private final UnaryOperator<Actor> actorOf;
    private final List<Integer> ourRegions = new ArrayList<>();
    private final List<Integer> ourActors = new ArrayList<>();

    Part(UnaryOperator<Region> regionOf, UnaryOperator<Actor> actorOf) {
      this.regionOf = regionOf;
      this.actorOf = actorOf;
    }

    @Override
    public void region(Region region) {
      synchronized (SharedRecorder.this) {
        if (region.index() != ourRegions.size()) {
          throw new IllegalArgumentException("region " + region.index() + " is not the next one");
        }
        Region named = regionOf.apply(region);
        recorder.region(named.withIndex(regions));
        ourRegions.add(regions++);
      }
    }

    @Override
    public void actor(Actor actor) {
      synchronized (SharedRecorder.this) {
        if (actor.index() > ourActors.size()) {
          throw new IllegalArgumentException("actor " + actor.index() + " is not the next one");
        }
        if (actor.index() == ourActors.size()) {
          ourActors.add(actors++);
        }
        Actor named = actorOf.apply(actor);
        recorder.actor(
            new Actor(
                ourActors.get(actor.index()),
                named.kind(),
                named.name(),
                named.tid(),
                named.vcpu()));
      }
    }

    @Override
    public long append(EventDraft event) {
      synchronized (SharedRecorder.this) {
        draft.of(event.kind, event.timeNs).detail(event.detail).flags(event.flags);
        draft.change(event.clear, event.set).errno(event.errno).cause(event.cause);
        draft.pages(index(ourRegions, event.region), event.firstPage, event.pageCount);
        draft.actor(index(ourActors, event.actor));
        for (int i = 0; i < event.contents; i++) {
          draft.content(event.offsets[i], event.lengths[i], event.values[i]);
        }
        return recorder.append(draft);
      }
    }

    private static int index(List<Integer> indexes, int ours) {
      return ours == Event.NONE ? Event.NONE : indexes.get(ours);
    }

    @Override
    public int stateOf(int region, int page) {
      synchronized (SharedRecorder.this) {
        return recorder.stateOf(ourRegions.get(region), page);
      }
    }

    @Override
    public boolean keepsContents() {
      return recorder.keepsContents();
    }

    @Override
    public long lastSequence() {
      synchronized (SharedRecorder.this) {
        return recorder.lastSequence();
      }
    }

    @Override
    public void kernel(KernelProfile profile) {
      synchronized (SharedRecorder.this) {
        recorder.kernel(profile);
      }
    }

    @Override
    public void note(String text) {
      synchronized (SharedRecorder.this) {
        recorder.note(text);
      }
    }
  }
}
