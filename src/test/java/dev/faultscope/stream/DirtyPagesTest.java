package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DirtyPagesTest {

  @Test
  void marksAndClearsAreThoseOfABitSet() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      DirtyPages dirty = new DirtyPages();
      BitSet expected = new BitSet();
      for (int step = 0; step < 500; step++) {
        int first = random.nextInt(200_000);
        int count = 1 + random.nextInt(1 << random.nextInt(17));
        if (random.nextInt(3) > 0) {
          dirty.mark(7, first, count);
          expected.set(first, first + count);
        } else {
          dirty.clear(7, first, count);
          expected.clear(first, first + count);
        }
        assertThat(dirty.count()).as("seed %d", seed).isEqualTo(expected.cardinality());
        int from = random.nextInt(300_000);
        assertThat(dirty.next(7, from)).as("seed %d", seed).isEqualTo(expected.nextSetBit(from));
      }
    }
  }

  @Test
  void memoryIsABitAPageAndOnlyWherePagesChanged() {
    DirtyPages dirty = new DirtyPages();
    dirty.mark(0, 0, 16_000_000);
    assertThat(dirty.bytes()).isLessThan(16_000_000 / 8 + 64 * 1024);

    dirty.clearAll();
    dirty.mark(0, 15_999_999, 1);
    assertThat(dirty.bytes()).isLessThan(64 * 1024);
  }
}
