package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DeltaFrameTest {

  @Test
  void framesUntilNothingIsDirtyGiveBackEveryChangedState() {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      PaintedStates states = new PaintedStates().region(0, 200_000).region(5, 500);
      DirtyPages dirty = new DirtyPages();
      int changes = 1 + random.nextInt(60_000);
      for (int change = 0; change < changes; change++) {
        boolean large = random.nextInt(10) > 0;
        int first = random.nextInt(large ? 199_000 : 400);
        int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 100 : 2);
        states.paint(large ? 0 : 5, first, count, random.nextInt(65_536));
        dirty.mark(large ? 0 : 5, first, count);
      }

      FrameReader.Picture picture = new FrameReader.Picture();
      while (dirty.count() > 0) {
        picture.apply(DeltaFrame.encode(1, 0, 1, dirty, states));
      }

      char[] expected = new char[200_000];
      states.states(0, 0, expected.length, expected, 0);
      assertThat(picture.states(0, expected.length)).as("seed %d", seed).isEqualTo(expected);
    }
  }
}
