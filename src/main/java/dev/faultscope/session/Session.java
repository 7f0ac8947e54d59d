package dev.faultscope.session;

import dev.faultscope.model.Bookmark;
import dev.faultscope.session.query.MetaView;
import dev.faultscope.session.run.Run;
import dev.faultscope.timeline.Timeline;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One recording that is open, shared by everybody who looks at it. Safe for many threads.
 *
 * <p>While it is imported its timeline grows; until the import knows what the recording holds, the
 * timeline is an empty one, which is replaced once.
 */
public final class Session {
  private final String id;
  private final int epoch;
  private int users;
  private boolean closed;
  private volatile boolean retired;
  private volatile Timeline timeline;
  private volatile Progress progress;
  private volatile @Nullable Run run;
  private volatile @Nullable List<Bookmark> bookmarks;
  private volatile Supplier<@Nullable RunView> runView = () -> null;
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

  public Session(String id, int epoch, Timeline timeline, Progress progress) {
    this.id = id;
    this.epoch = epoch;
    this.timeline = timeline;
    this.progress = progress;
  }

  /** {@return the recording's name in links} */
  public String id() {
    return id;
  }

  /** {@return a number that tells this opening of the recording from every other} */
  public int epoch() {
    return epoch;
  }

  /** {@return what is there by now; another object once an import has begun to record} */
  public Timeline timeline() {
    return timeline;
  }

  /** {@return how far the recording is there} */
  public Progress progress() {
    return progress;
  }

  /** {@return what people call the recording} */
  public String title() {
    return timeline.info().title();
  }

  /** {@return what made the recording; empty while that is not known} */
  public String source() {
    return timeline.info().source();
  }

  /** {@return the source's own clock at time 0, in nanoseconds} */
  public long originNs() {
    return timeline.info().originNs();
  }

  /** {@return what the recording consists of by now} */
  public MetaView meta() {
    return MetaView.of(timeline);
  }

  /** {@return what people noted at its moments; what came with it until somebody changes it} */
  public List<Bookmark> bookmarks() {
    List<Bookmark> kept = bookmarks;
    return kept == null ? timeline.bookmarks() : kept;
  }

  /** Somebody changed them; who explores it hears of that with the next {@link #announce}. */
  public void bookmarks(List<Bookmark> changed) {
    bookmarks = List.copyOf(changed);
  }

  /** {@return how many page states are declared by now} */
  public int states() {
    return timeline.codes().count();
  }

  /** {@return how many regions are known by now} */
  public int regions() {
    return timeline.regions().size();
  }

  /** {@return how many threads are known by now} */
  public int actors() {
    return timeline.actors().size();
  }

  /** {@return last sequence number by now} */
  public long lastSequence() {
    return timeline.lastSequence();
  }

  /** {@return time of the last event by now} */
  public long endNs() {
    return timeline.endNs();
  }

  /** {@return whether whoever writes it tells of every event, so that nobody need look for them} */
  boolean announcesGrowth() {
    return progress.state() == Progress.State.RUNNING;
  }

  /** {@return whether more may come} */
  public boolean isLoading() {
    return progress.state().isGrowing();
  }

  /** {@return what writes it right now; null where nothing does} */
  public @Nullable Run run() {
    return run;
  }

  /** {@return how that stands, or stood at its end; null where nothing ran here} */
  public @Nullable RunView runView() {
    return runView.get();
  }

  /** Something writes it from now on, and this is how it stands. */
  public void run(Run writes, Supplier<@Nullable RunView> view) {
    run = writes;
    runView = view;
  }

  /** Nothing writes it any more. */
  public void runEnded() {
    run = null;
  }

  /** Whom to tell when there is something new to see; called on whatever thread made it. */
  void addWatcher(Runnable watcher) {
    watchers.add(watcher);
  }

  void removeWatcher(Runnable watcher) {
    watchers.remove(watcher);
  }

  /** Tells everybody who explores it that there is something new. */
  public void announce() {
    watchers.forEach(Runnable::run);
  }

  public void timeline(Timeline begun) {
    timeline = begun;
  }

  public void progress(Progress now) {
    progress = now;
  }

  /**
   * Counts one more user, whose reading nothing will close.
   *
   * @return false where the session is closed already
   */
  public synchronized boolean enter() {
    if (closed) {
      return false;
    }
    users++;
    return true;
  }

  public synchronized void leave() {
    users--;
    closeIfUnused();
  }

  /** {@return how many explorations and questions use it right now} */
  public synchronized int users() {
    return users;
  }

  /** Another session takes its place, or none: explorations end, the last one closes it. */
  public synchronized void retire() {
    retired = true;
    closeIfUnused();
  }

  /** {@return whether explorations are to end} */
  public boolean isRetired() {
    return retired;
  }

  private void closeIfUnused() {
    if (retired && users == 0 && !closed) {
      closed = true;
      timeline.close();
    }
  }
}
