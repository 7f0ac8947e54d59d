package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Errno;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One position on two recordings. */
class BesideTest {
  @TempDir Path folder;

  @Test
  void aPositionInTimeIsTheLastEventOfEachAtOrBeforeIt() throws IOException {
    try (RecordingFile left = recording("left", 8);
        RecordingFile right = recording("right", 8)) {
      touch(left, 10, 20, 30);
      touch(right, 15, 20, 50);
      Beside at = Beside.of(left.timeline(), right.timeline(), Alignment.TIME, 19);
      assertThat(List.of(at.left().seq(), at.right().seq(), at.end())).containsExactly(1L, 1L, 50L);
      assertThat(at.left().past()).isFalse();
      assertThat(at.steps()).isEqualTo(new Beside.Steps(all(15), all(20), null, null));
      assertThat(at.left().narration()).contains("page 0x1");

      Beside past = Beside.of(left.timeline(), right.timeline(), Alignment.TIME, 31);
      assertThat(past.left().past()).isTrue();
      assertThat(past.left().seq()).isEqualTo(3);
      assertThat(past.right().past()).isFalse();
      assertThat(past.right().seq()).isEqualTo(2);

      Beside first =
          Beside.of(left.timeline(), right.timeline(), Alignment.TIME, new Beside.Place(0, 0L));
      assertThat(first.left().narration()).isEqualTo("Before the first event.");
      assertThat(first.steps()).isEqualTo(new Beside.Steps(null, all(10), null, null));
    }
  }

  @Test
  void theSameFaultIsFoundInBothAndBehindTheLastBothAreAtTheirEnds() throws IOException {
    try (RecordingFile left = recording("left", 8);
        RecordingFile right = recording("right", 8)) {
      fault(left, 10);
      touch(left, 20);
      fault(left, 30);
      touch(right, 1, 2, 3);
      fault(right, 400);
      touch(right, 500);
      Timeline one = left.timeline();
      Timeline other = right.timeline();

      Beside none = Beside.of(one, other, Alignment.FAULT, 0);
      assertThat(List.of(none.left().seq(), none.right().seq())).containsExactly(0L, 0L);
      Beside first = Beside.of(one, other, Alignment.FAULT, 1);
      assertThat(List.of(first.left().seq(), first.right().seq())).containsExactly(1L, 4L);
      assertThat(first.end()).as("one more than the longer has").isEqualTo(3);
      assertThat(first.left().waiting()).isOne();
      Beside second = Beside.of(one, other, Alignment.FAULT, 2);
      assertThat(second.left().seq()).isEqualTo(3);
      assertThat(second.left().past()).isFalse();
      assertThat(second.right().seq()).as("its end").isEqualTo(5);
      assertThat(second.right().past()).isTrue();
      Beside end = Beside.of(one, other, Alignment.FAULT, 3);
      assertThat(end.left().past() && end.right().past()).isTrue();
      assertThat(end.steps()).isEqualTo(new Beside.Steps(all(2), null, all(2), null));
    }
  }

  @Test
  void pagesServedAreThoseOfTheStatistics() throws IOException {
    try (RecordingFile left = recording("left", 8);
        RecordingFile right = recording("right", 8)) {
      answer(left, 10, 0, 4, Errno.OK);
      answer(left, 20, 0, 4, Errno.EEXIST);
      answer(left, 30, 4, 1, Errno.OK);
      answer(right, 10, 0, 1, Errno.OK);
      Timeline one = left.timeline();
      assertThat(Alignment.PAGES.endOf(one))
          .isEqualTo(5)
          .isEqualTo(Statistics.of(one).pagesServed());
      assertThat(Alignment.PAGES.positionOf(one, 2)).isEqualTo(4);
      assertThat(Alignment.PAGES.momentAt(one, 1)).as("four came at once").isEqualTo(1);
      Beside at = Beside.of(one, right.timeline(), Alignment.PAGES, 5);
      assertThat(at.left().seq()).isEqualTo(3);
      assertThat(at.right().past()).isTrue();
    }
  }

  /** Every event is passed, in order, and the faults among them are the stops on the way. */
  @Test
  void stepsPassEveryEventOfBothOneByOneAndBackAgain() {
    Seeds.forEach(
        20,
        seed -> {
          Random random = new Random(seed);
          try (RecordingFile left = recording("l" + seed, 8);
              RecordingFile right = recording("r" + seed, 8)) {
            for (RecordingFile file : List.of(left, right)) {
              long time = random.nextInt(2);
              for (int i = 0; i < 12; i++) {
                if (random.nextBoolean()) {
                  fault(file, time);
                } else {
                  touch(file, time);
                }
                time += random.nextInt(3);
              }
            }
            Timeline one = left.timeline();
            Timeline other = right.timeline();
            List<Beside> way = new ArrayList<>();
            Beside.@Nullable Place next = new Beside.Place(0, 0L);
            while (next != null) {
              way.add(Beside.of(one, other, Alignment.TIME, next));
              next = way.getLast().steps().forward();
            }
            assertThat(way.getLast().left().seq()).isEqualTo(12);
            assertThat(way.getLast().right().seq()).isEqualTo(12);
            for (int i = 1; i < way.size(); i++) {
              Beside before = way.get(i - 1);
              Beside here = way.get(i);
              long more = here.left().seq() - before.left().seq();
              long others = here.right().seq() - before.right().seq();
              assertThat(List.of(more, others)).isSubsetOf(0L, 1L);
              assertThat(more + others).isPositive();
              Beside back =
                  Beside.of(
                      one, other, Alignment.TIME, Objects.requireNonNull(here.steps().back()));
              assertThat(List.of(back.left().seq(), back.right().seq()))
                  .containsExactly(before.left().seq(), before.right().seq());
            }
            for (int i = 0; i < way.size(); i++) {
              assertThat(moments(one, other, way.get(i).steps().faultForward()))
                  .isEqualTo(moments(stop(way, one, other, i + 1, 1)));
              assertThat(moments(one, other, way.get(i).steps().faultBack()))
                  .isEqualTo(moments(stop(way, one, other, i - 1, -1)));
            }
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  /** The first on the way that comes upon a fault. */
  private static @Nullable Beside stop(
      List<Beside> way, Timeline left, Timeline right, int from, int by) {
    for (int i = from; i > 0 && i < way.size(); i += by) {
      Beside before = way.get(i - 1);
      Beside here = way.get(i);
      if (isFault(left, before.left().seq(), here.left().seq())
          || isFault(right, before.right().seq(), here.right().seq())) {
        return here;
      }
    }
    return null;
  }

  private static boolean isFault(Timeline timeline, long before, long here) {
    return here > before && timeline.event(here).kind() == EventKind.ENQUEUE;
  }

  private static List<Long> moments(@Nullable Beside at) {
    return at == null ? List.of() : List.of(at.left().seq(), at.right().seq());
  }

  private static List<Long> moments(Timeline left, Timeline right, Beside.@Nullable Place place) {
    return moments(place == null ? null : Beside.of(left, right, Alignment.TIME, place));
  }

  private static Beside.Place all(long at) {
    return new Beside.Place(at, null);
  }

  @Test
  void aMomentIsNeverBehindTheMomentOfItsPosition() {
    Seeds.forEach(
        20,
        seed -> {
          Random random = new Random(seed);
          try (RecordingFile file = recording("m" + seed, 8)) {
            long time = 0;
            for (int i = 0; i < 30; i++) {
              time += random.nextInt(3);
              switch (random.nextInt(3)) {
                case 0 -> fault(file, time);
                case 1 -> answer(file, time, random.nextInt(8), 1, Errno.OK);
                default -> touch(file, time);
              }
            }
            Timeline timeline = file.timeline();
            for (Alignment align : Alignment.values()) {
              long before = 0;
              for (long moment = 0; moment <= timeline.lastSequence(); moment++) {
                long position = align.positionOf(timeline, moment);
                assertThat(position).isGreaterThanOrEqualTo(before);
                long back = align.momentAt(timeline, position);
                assertThat(align.positionOf(timeline, back)).isEqualTo(position);
                Beside.Place place = Beside.placeOf(timeline, timeline, align, moment);
                long exact = Beside.of(timeline, timeline, align, place).right().seq();
                assertThat(exact).isEqualTo(align == Alignment.TIME ? moment : back);
                before = position;
              }
            }
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void pagesAreTheSameDifferentOrUnknownAndARareOneIsNeverLost() throws IOException {
    int pages = 5 * PageDifference.MAX_CELLS;
    try (RecordingFile left = recording("left", pages);
        RecordingFile right = recording("right", pages - 3)) {
      file(left, 1, "only here", 0x9000_0000L, 4, 0);
      file(left, 2, "one name", 0x8000_0000L, 4, PageState.UNKNOWN);
      file(right, 1, "another", 0x8000_0000L, 4, 0);
      change(left, 10, 70_000, 1, PageState.MAPPED);
      touch(right, 10);

      PageDifference difference =
          Beside.of(left.timeline(), right.timeline(), Alignment.TIME, 10).pages();
      assertThat(difference.pagesPerCell()).isEqualTo(8);
      PageDifference.OfPair ram = difference.regions().getFirst();
      assertThat(List.of(ram.by(), ram.pages(), ram.leftPages(), ram.rightPages()))
          .containsExactly("name", pages - 3, pages, pages - 3);
      assertThat(List.of(ram.same(), ram.differing(), ram.unknown()))
          .containsExactly(pages - 4L, 1L, 0L);
      assertThat(ram.runs().subList(0, 8)).containsExactly(8750, 8, 0, 0, 1, 7, 1, 0);
      PageDifference.OfPair placed = difference.regions().getLast();
      assertThat(List.of(placed.by(), placed.leftName(), placed.rightName(), placed.unknown()))
          .containsExactly("place", "one name", "another", 4L);
      assertThat(difference.leftOnly())
          .containsExactly(new PageDifference.Alone(1, "only here", 4));
      assertThat(difference.rightOnly()).isEmpty();
      PageDifference.Page page = difference.differing().getFirst();
      assertThat(page.page()).isEqualTo(70_000);
      assertThat(page.leftFacts()).containsExactly("mapped");
      assertThat(page.rightFacts()).isEmpty();

      PageDifference before =
          Beside.of(left.timeline(), right.timeline(), Alignment.TIME, 9).pages();
      assertThat(before.different()).isZero();
    }
  }

  @Test
  void asMuchMemoryAsARecordingMayHaveIsComparedToItsLastPage() throws IOException {
    int most = Integer.MAX_VALUE;
    try (RecordingFile left = recording("left", most);
        RecordingFile right = recording("right", most)) {
      change(left, 10, most - 1, 1, PageState.MAPPED);
      touch(right, 10);
      PageDifference difference =
          Beside.of(left.timeline(), right.timeline(), Alignment.TIME, 10).pages();
      assertThat(difference.same()).isEqualTo(most - 1L);
      assertThat(difference.different()).isOne();
      assertThat(difference.differing().getFirst().page()).isEqualTo(most - 1);
      int cell = difference.pagesPerCell();
      assertThat(difference.regions().getFirst().runs())
          .containsExactly(most / cell, cell, 0, 0, 1, cell - 2, 1, 0);
    }
  }

  @Test
  void whatOnlyASimulationSeesIsComparedBetweenSimulationsOnly() throws IOException {
    try (RecordingFile left = recording("left", 8);
        RecordingFile right = recording("right", 8, "live")) {
      change(left, 1, 0, 1, PageState.STAGE2);
      touch(right, 1);
      PageDifference mixed =
          Beside.of(left.timeline(), right.timeline(), Alignment.TIME, 1).pages();
      assertThat(mixed.stage2()).isFalse();
      assertThat(mixed.different()).isZero();
    }
  }

  @Test
  void regionsOfOneNameTwiceAreTakenByTheirPlace() {
    Region one = region(0, "ram", 0x1000, Region.NO_GPA);
    Region two = region(1, "ram", 0x5000, Region.NO_GPA);
    Region guest = region(2, "low", 0x100000, 0);
    List<Region> left = List.of(one, two, guest);
    List<Region> right =
        List.of(region(0, "ram", 0x5000, Region.NO_GPA), region(1, "high", 0x700000, 0));
    RegionPairs pairs = RegionPairs.of(left, right);
    assertThat(pairs.pairs())
        .containsExactly(
            new RegionPairs.Pair(two, right.get(0), RegionPairs.By.PLACE),
            new RegionPairs.Pair(guest, right.get(1), RegionPairs.By.PLACE));
    assertThat(pairs.leftOnly()).containsExactly(one);
    assertThat(pairs.rightOnly()).isEmpty();
  }

  @Test
  void anAlignmentThatIsNoneIsAnsweredWithThoseThereAre() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> Alignment.named("clock"))
        .withMessage("align is one of time, fault, pages, not clock");
  }

  private static Region region(int index, String name, long base, long gpa) {
    return new Region(index, name, base, gpa, 4, Backing.MEMFD, 0, false);
  }

  private RecordingFile recording(String name, int pages) throws IOException {
    return recording(name, pages, "simulation");
  }

  private RecordingFile recording(String name, int pages, String source) throws IOException {
    RecordingFile file =
        RecordingFile.create(folder.resolve(name + ".fscope"), new TimelineInfo("f", source, 0));
    file(file, 0, "ram", 0x1000, pages, 0);
    file.actor(new Actor(0, ActorKind.THREAD, "t", 1, -1));
    return file;
  }

  private static void file(
      RecordingFile file, int index, String name, long base, int pages, int initial) {
    file.region(
        new Region(index, name, base, Region.NO_GPA, pages, Backing.MEMFD, 0, false, initial));
  }

  private static void touch(RecordingFile file, long... times) {
    for (long time : times) {
      file.append(new EventDraft().of(EventKind.TOUCH, time).pages(0, 1, 1).actor(0));
    }
  }

  private static void fault(RecordingFile file, long time) {
    file.append(new EventDraft().of(EventKind.ENQUEUE, time).pages(0, 3, 1).actor(0));
  }

  private static void answer(RecordingFile file, long time, int page, int count, Errno errno) {
    file.append(
        new EventDraft()
            .of(EventKind.IOCTL, time)
            .detail(UffdIoctl.CONTINUE.code())
            .pages(0, page, count)
            .actor(0)
            .errno(errno.number()));
  }

  private static void change(RecordingFile file, long time, int page, int count, int set) {
    file.append(
        new EventDraft().of(EventKind.INSTALL, time).pages(0, page, count).actor(0).change(0, set));
  }
}
