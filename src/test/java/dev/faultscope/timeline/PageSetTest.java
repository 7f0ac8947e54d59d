package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PageSetTest {
  private static final int LAST = Integer.MAX_VALUE - 1;

  @Test
  void runsThatAreAddedAreThePagesThatWereNotThere() {
    Seeds.forEach(
        50,
        seed -> {
          SplittableRandom random = new SplittableRandom(seed);
          // Both ends of what pages there may be.
          int first = random.nextBoolean() ? 0 : LAST + 1 - 200;
          PageSet set = new PageSet();
          TreeSet<Integer> known = new TreeSet<>();
          for (int i = 0; i < 60; i++) {
            int page = first + random.nextInt(200);
            int count = random.nextInt(Math.min(12, LAST + 1 - page) + 1);
            List<Integer> told = new ArrayList<>();
            set.add(page, count, (from, pages) -> each(told, from, pages));
            List<Integer> expected = new ArrayList<>();
            each(expected, page, count);
            expected.removeIf(each -> !known.add(each));
            assertThat(told).isEqualTo(expected);
            int one = first + random.nextInt(200);
            set.add(one);
            known.add(one);
            assertThat(set.size()).isEqualTo(known.size());
          }
        });
  }

  private static void each(List<Integer> into, int from, int pages) {
    for (int i = 0; i < pages; i++) {
      into.add(from + i);
    }
  }

  @Test
  void pageThatLiesFarOffTakesNoRoomForThoseBefore() {
    List<PageSet> sets = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      PageSet set = new PageSet();
      set.add(LAST);
      sets.add(set);
    }
    assertThat(sets).allSatisfy(set -> assertThat(set.size()).isEqualTo(1));
    List<String> runs = new ArrayList<>();
    sets.getFirst().add(0, Integer.MAX_VALUE, (from, pages) -> runs.add(from + " " + pages));
    assertThat(runs).containsExactly("0 " + LAST);
  }
}
