package dev.faultscope.session.library;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.ForwardingRecorder;
import dev.faultscope.timeline.Recorder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells that a recording has grown, a picture's time after the first event that nobody was told of:
 * whoever looks at it need not ask, and whoever writes a million events a second is not held up.
 */
final class AnnouncingRecorder extends ForwardingRecorder {
  private static final long FRAME_MS = 16;

  private final Runnable announce;
  private final Executor soon = CompletableFuture.delayedExecutor(FRAME_MS, TimeUnit.MILLISECONDS);
  private final AtomicBoolean due = new AtomicBoolean();

  /**
   * @param announce must return at once; called on a thread of its own
   */
  AnnouncingRecorder(Recorder recorder, Runnable announce) {
    super(recorder);
    this.announce = announce;
  }

  private void grown() {
    if (!due.get() && due.compareAndSet(false, true)) {
      soon.execute(
          () -> {
            due.set(false);
            announce.run();
          });
    }
  }

  @Override
  public void region(Region region) {
    super.region(region);
    grown();
  }

  @Override
  public void actor(Actor actor) {
    super.actor(actor);
    grown();
  }

  @Override
  public long append(EventDraft draft) {
    long seq = super.append(draft);
    grown();
    return seq;
  }
}
