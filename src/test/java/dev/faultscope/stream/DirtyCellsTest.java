package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Seeds;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DirtyCellsTest {
  @Test
  void marksExactlyTheCellsThatHaveOneOfThePages() {
    Seeds.forEach(
        30,
        seed -> {
          Random random = new Random(seed);
          DirtyCells cells = new DirtyCells();
          Set<Integer> wanted = new TreeSet<>();
          for (int i = 0; i < 20; i++) {
            int first = random.nextInt(100_000);
            int count = 1 + (int) (Math.pow(random.nextDouble(), 4) * 9000);
            cells.mark(2, first, count);
            for (int page = first; page < first + count; page++) {
              wanted.add(page / 4096 * 64 + page % 512 / 8);
            }
          }
          assertThat(marked(cells)).isEqualTo(wanted);
          assertThat(cells.count()).isEqualTo(wanted.size());

          int band = cells.nextBand(2, 0);
          cells.clear(2, band, -1L);
          assertThat(cells.nextBand(2, 0)).isNotEqualTo(band);
          assertThat(cells.count()).isEqualTo(marked(cells).size());
        });
  }

  private static Set<Integer> marked(DirtyCells cells) {
    Set<Integer> marked = new TreeSet<>();
    for (int band = cells.nextBand(2, 0); band >= 0; band = cells.nextBand(2, band + 1)) {
      for (int column = 0; column < 64; column++) {
        if ((cells.cells(2, band) & (1L << column)) != 0) {
          marked.add(band * 64 + column);
        }
      }
    }
    return marked;
  }

  @Test
  void aTerabyteTakesHalfAMegabyte() {
    DirtyCells cells = new DirtyCells();
    cells.mark(0, 0, 1 << 28);
    assertThat(cells.count()).isEqualTo(1 << 22);
    assertThat(cells.bytes()).isEqualTo(512 * 1024);
    cells.clearAll();
    assertThat(cells.bytes()).isZero();
  }
}
