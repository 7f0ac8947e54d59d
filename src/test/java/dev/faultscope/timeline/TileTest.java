package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Seeds;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TileTest {
  @Test
  void whateverIsSetATileIsAsAPlainArrayInMemoryAndReadBack() {
    Seeds.forEach(
        60,
        seed -> {
          Random random = new Random(seed);
          int states = 2 + random.nextInt(random.nextBoolean() ? 3 : 40);
          char[] plain = new char[Tile.PAGES];
          int first = random.nextInt(states);
          Arrays.fill(plain, (char) first);
          long[] tile = Tile.uniform(first);
          int changes = random.nextInt(random.nextBoolean() ? 40 : 4000);
          for (int i = 0; i < changes; i++) {
            int page = random.nextInt(random.nextBoolean() ? Tile.PAGES : 40);
            int state = random.nextInt(states) * 1021;
            if (random.nextInt(200) == 0) {
              int to = page + 1 + random.nextInt(Tile.PAGES - page);
              tile = Tile.fill(tile, page, to, state);
              Arrays.fill(plain, page, to, (char) state);
            } else {
              tile = Tile.set(tile, page, state);
              plain[page] = (char) state;
            }
          }
          same(tile, plain, random);
          long[] saved = Tile.saved(tile);
          long[] read = Tile.read(MemorySegment.ofArray(saved.clone()), 0);
          assertThat(read).isNotNull();
          same(read, plain, random);
          same(Tile.set(read, 7, plain[7]), plain, random);
        });
  }

  private static void same(long[] tile, char[] plain, Random random) {
    char[] copied = new char[plain.length];
    Tile.copy(tile, 0, plain.length, copied, 0);
    assertThat(copied).isEqualTo(plain);
    for (int i = 0; i < 50; i++) {
      int from = random.nextInt(plain.length);
      int to = from + 1 + random.nextInt(plain.length - from);
      int end = from + 1;
      while (end < to && plain[end] == plain[from]) {
        end++;
      }
      assertThat(Tile.get(tile, from)).isEqualTo(plain[from]);
      assertThat(Tile.runEnd(tile, from, to)).as("run from %d to %d", from, to).isEqualTo(end);
      char[] part = new char[to - from];
      Tile.copy(tile, from, part.length, part, 0);
      assertThat(part).isEqualTo(Arrays.copyOfRange(plain, from, to));
    }
  }

  @Test
  void aTileOfWhichFewPagesDifferTakesLittleRoomAlsoWhenReadBack() {
    long[] tile = Tile.uniform(3);
    for (int i = 0; i < 32; i++) {
      tile = Tile.set(tile, 4095 - i * 100, 0x8000 + i % 4);
    }
    assertThat(tile).hasSizeLessThan(24);
    assertThat(Tile.read(MemorySegment.ofArray(Tile.saved(tile)), 0)).hasSizeLessThan(24);
  }
}
