package dev.faultscope.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.session.query.MomentView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplorationTest {
  private static final int FAULTS = 50;
  private static final int EVENTS = FAULTS * 6;

  @TempDir Path dir;
  private final AtomicLong clock = new AtomicLong(1_000_000_000L);
  private final Watcher watcher = new Watcher();
  private Session session;
  private DrivenExploration exploration;

  /** Remembers what it was told. */
  private static final class Watcher implements Viewer {
    final List<MomentView> moments = new ArrayList<>();
    final List<String> said = new ArrayList<>();

    @Override
    public void pagesChanged(int region, int firstPage, int count) {}

    @Override
    public void allChanged() {}

    @Override
    public void turn(MomentSnapshot snapshot) {
      moments.add(snapshot.moment());
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void found(Command.Find find, Breakpoints.@Nullable Stop stop, long scanned) {
      said.add(stop == null ? "found nothing" : "found " + stop.seq() + " " + stop.queries());
    }

    @Override
    public void failed(String code, String message, int position) {
      said.add(code + " " + position);
    }

    @Override
    public void ended() {
      said.add("ended");
    }

    MomentView last() {
      return moments.getLast();
    }
  }

  @BeforeEach
  void record() throws IOException {
    session = RecordedSessions.faults(dir.resolve("r.fscope"), 3, FAULTS, 1000);
    exploration = new DrivenExploration(session, watcher, clock::get, -1, 0);
  }

  @AfterEach
  void close() {
    exploration.close();
    session.timeline().close();
  }

  private MomentView after(Command command) {
    exploration.execute(command);
    exploration.turn();
    return watcher.last();
  }

  private static Command.Step step(int by, Command.Unit unit) {
    return new Command.Step(by, unit, null, null, 2);
  }

  @Test
  void seeksAreHeldWithinTheRecording() {
    assertThat(after(new Command.Seek(7)).seq()).isEqualTo(7);
    assertThat(after(new Command.Seek(1_000_000)).seq()).isEqualTo(EVENTS);
    assertThat(after(new Command.SeekTime(0)).seq()).isZero();
  }

  @Test
  void aFaultStepGoesToTheNextFaultThatIsQueued() {
    assertThat(after(step(1, Command.Unit.FAULT)).seq()).isEqualTo(2);
    assertThat(after(step(3, Command.Unit.FAULT)).seq()).isEqualTo(20);
    assertThat(after(step(-2, Command.Unit.FAULT)).seq()).isEqualTo(8);
    assertThat(after(step(-5, Command.Unit.FAULT)).seq()).isEqualTo(2);
    assertThat(watcher.last().narration())
        .startsWith("vCPU ")
        .contains(": minor fault queued, depth 1");
  }

  @Test
  void anActorStepGoesToItsNextEvent() {
    assertThat(after(step(1, Command.Unit.ACTOR)).seq()).isEqualTo(3);
    assertThat(after(step(1, Command.Unit.ACTOR)).seq()).isEqualTo(4);
  }

  @Test
  void tenStepsForwardAndTenBackEndWhereTheyBegan() {
    MomentView start = after(new Command.Seek(30));
    after(step(10, Command.Unit.EVENT));

    assertThat(after(step(-10, Command.Unit.EVENT))).isEqualTo(start);
  }

  @Test
  void aPredicateIsFoundInBothDirectionsAndABadOneNamesItsPosition() {
    assertThat(after(find(1, "kind = ioctl")).seq()).isEqualTo(5);
    after(new Command.Seek(30));
    assertThat(after(find(-1, "kind = ioctl")).seq()).isEqualTo(29);
    assertThat(after(find(1, "kind = nonsense")).seq()).isEqualTo(29);
    assertThat(watcher.said)
        .containsExactly("found 5 [kind = ioctl]", "found 29 [kind = ioctl]", "bad-query 7");
  }

  @Test
  void ofSeveralPredicatesTheNearestHitIsFoundAndSaysWhichItSatisfies() {
    String[] both = {"kind = ioctl", "errno = OK", "kind = enqueue"};
    assertThat(after(find(1, both)).seq()).isEqualTo(2);
    assertThat(after(find(1, both)).seq()).isEqualTo(5);
    assertThat(after(find(-1, both)).seq()).isEqualTo(2);
    assertThat(after(find(-1, both)).seq()).isEqualTo(2);
    assertThat(watcher.said)
        .containsExactly(
            "found 2 [kind = enqueue]",
            "found 5 [kind = ioctl, errno = OK]",
            "found 2 [kind = enqueue]",
            "found nothing");
  }

  @Test
  void aSearchThatWasCutGoesOnWhereItWasCut() throws IOException {
    int faults = 30_000;
    Session large = RecordedSessions.faults(dir.resolve("large.fscope"), 3, faults, 1000);
    long last = large.lastSequence();
    Exploration brief = new Exploration(large, watcher, clock::get, 1);
    brief.start(-1, 0);
    List<Long> places = new ArrayList<>();
    for (int asked = 0; brief.seq() < last && asked < 20; asked++) {
      brief.execute(find(1, "seq = " + last));
      places.add(brief.seq());
    }
    assertThat(brief.seq()).isEqualTo(last);
    assertThat(places).isSorted().hasSizeGreaterThan(1);
    assertThat(watcher.said.getFirst()).startsWith("not-found-yet");
    // The event after those that were looked at is the next to be looked at.
    brief.execute(new Command.Seek(0));
    brief.execute(find(1, "seq = " + (places.getFirst() + 1)));
    brief.execute(find(1, "seq = " + (places.getFirst() + 1)));
    assertThat(brief.seq()).isEqualTo(places.getFirst() + 1);
    brief.close();
    large.timeline().close();
  }

  private static Command.Find find(int direction, String... queries) {
    return new Command.Find(List.of(queries), direction);
  }

  @Test
  void playingKeepsItsPaceWhateverTheTicks() {
    after(new Command.Play(new Pace.Events(100)));
    for (int tick = 0; tick < 20; tick++) {
      clock.addAndGet(50_000_000L);
      exploration.turn();
    }

    assertThat(watcher.last().seq()).isBetween(99L, 100L);
    assertThat(watcher.last().playing()).isTrue();
  }

  @Test
  void playingStopsAtTheEndAndBackwardsAtTheStart() {
    after(new Command.Play(new Pace.Events(1_000_000)));
    clock.addAndGet(100_000_000L);
    exploration.turn();
    assertThat(watcher.last().seq()).isEqualTo(EVENTS);
    assertThat(watcher.last().playing()).isFalse();

    after(new Command.Play(new Pace.Time(-1)));
    clock.addAndGet(100_000_000L);
    exploration.turn();
    assertThat(watcher.last().seq()).isZero();
    assertThat(watcher.last().playing()).isFalse();
  }

  @Test
  void anyOtherMoveStopsPlaying() {
    after(new Command.Play(new Pace.Events(10)));

    assertThat(after(step(1, Command.Unit.EVENT)).playing()).isFalse();
  }

  @Test
  void twoExplorationsOfOneSessionStandAtDifferentMoments() {
    Watcher second = new Watcher();
    try (DrivenExploration other = new DrivenExploration(session, second, clock::get, -1, 12)) {
      other.turn();
      after(new Command.Seek(40));
      other.turn();

      assertThat(second.last().seq()).isEqualTo(12);
      assertThat(watcher.last().seq()).isEqualTo(40);
    }
  }

  @Test
  void aRetiredSessionEndsItsExplorations() {
    assertThat(session.enter()).isTrue();
    session.retire();
    exploration.turn();

    assertThat(watcher.said).containsExactly("ended");
  }
}
