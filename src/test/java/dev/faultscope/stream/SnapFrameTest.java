package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapFrameTest {

  @Test
  void framesOfAWholeRegionGiveBackEveryState() {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      int pages = 1 + random.nextInt(300_000);
      PaintedStates states = new PaintedStates().region(0, pages);
      int longestRun = 1 << random.nextInt(17);
      for (int page = 0; page < pages; ) {
        int run = Math.min(pages - page, 1 + random.nextInt(longestRun));
        states.paint(0, page, run, random.nextInt(4) == 0 ? 0 : random.nextInt(65_536));
        page += run;
      }

      FrameReader.Picture picture = new FrameReader.Picture();
      int next = 0;
      while (next < pages) {
        SnapFrame frame = SnapFrame.encode(1, 5, 0, next, pages, next == 0, states);
        assertThat(frame.nextPage()).as("seed %d", seed).isGreaterThan(next);
        picture.apply(frame.bytes());
        next = frame.nextPage();
      }

      char[] expected = new char[pages];
      states.states(0, 0, pages, expected, 0);
      assertThat(picture.states(0, pages)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void aFirstFrameMakesTheReaderForgetWhatItHeld() {
    PaintedStates states = new PaintedStates().region(0, 10).paint(0, 0, 10, 3);
    FrameReader.Picture picture = new FrameReader.Picture();
    picture.apply(SnapFrame.encode(1, 5, 0, 0, 10, true, states).bytes());

    picture.apply(SnapFrame.empty(1, 6));

    assertThat(picture.states(0, 10)).containsOnly((char) 0);
  }
}
