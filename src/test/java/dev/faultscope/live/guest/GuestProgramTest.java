package dev.faultscope.live.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.guest.GuestOptions.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuestProgramTest {
  @ParameterizedTest
  @EnumSource
  void everyPatternMeetsEveryPageOnce(Pattern pattern) {
    for (long pages : new long[] {1, 2, 3, 64, 1000, 4096, 5000}) {
      assertThat(LongStream.of(GuestProgram.order(pages, pattern)).sorted().toArray())
          .isEqualTo(LongStream.range(0, pages).toArray());
    }
  }
}
