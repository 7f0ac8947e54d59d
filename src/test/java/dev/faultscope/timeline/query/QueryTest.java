package dev.faultscope.timeline.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultscope.model.PageState;
import dev.faultscope.timeline.query.Predicate.And;
import dev.faultscope.timeline.query.Predicate.Has;
import dev.faultscope.timeline.query.Predicate.Not;
import dev.faultscope.timeline.query.Predicate.Or;
import dev.faultscope.timeline.query.Predicate.Range;
import dev.faultscope.timeline.query.Predicate.Within;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {
  @Test
  void andBindsTighterThanOrAndNotTightest() {
    assertThat(parse("seq = 1 or seq = 2 and not seq = 3"))
        .isEqualTo(new Or(List.of(seq(1), new And(List.of(seq(2), new Not(seq(3)))))));
    assertThat(parse("(seq = 1 or seq = 2) and seq = 3"))
        .isEqualTo(new And(List.of(new Or(List.of(seq(1), seq(2))), seq(3))));
  }

  @Test
  void readsRangesListsHexadecimalAndUnits() {
    assertThat(parse("page in 0x100..0x1ff"))
        .isEqualTo(new Within(Field.PAGE, List.of(new Range(256, 511)), false));
    assertThat(parse("page in {1, 5..7}"))
        .isEqualTo(new Within(Field.PAGE, List.of(new Range(1, 1), new Range(5, 7)), false));
    assertThat(parse("latency > 200us"))
        .isEqualTo(new Within(Field.LATENCY, List.of(new Range(200_001, Long.MAX_VALUE)), false));
    assertThat(parse("latency <= 1.5µs"))
        .isEqualTo(new Within(Field.LATENCY, List.of(new Range(0, 1500)), false));
    assertThat(parse("time < 1_000"))
        .isEqualTo(new Within(Field.TIME, List.of(new Range(0, 999)), false));
  }

  @Test
  void namesOfCodesAreFreeOfCaseAndOfTheKindOfDash() {
    assertThat(parse("ERRNO = eexist")).isEqualTo(code(Field.ERRNO, 17));
    assertThat(parse("errno = 17")).isEqualTo(code(Field.ERRNO, 17));
    assertThat(parse("ioctl == CONTINUE")).isEqualTo(code(Field.IOCTL, 7));
    assertThat(parse("reason = CACHED_MINOR")).isEqualTo(parse("reason = cached-minor"));
    assertThat(parse("state has wp_fault")).isEqualTo(new Has(Field.STATE, PageState.WP_FAULT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 0 | expected a field",
        "pgae = 1 | 0 | did you mean \"page\"",
        "page | 4 | an operator for page",
        "page = | 6 | a whole number for page",
        "page = x | 7 | a whole number for page",
        "page = 12zz | 7 | a whole number for page",
        "page in 9..3 | 8 | ends before it begins",
        "page in {1, 2 | 13 | expected \",\" or \"}\"",
        "errno = EEXISTS | 8 | did you mean \"eexist\"",
        "kind > ioctl | 5 | an operator for kind: =, != or in",
        "kind = ioctls | 7 | did you mean \"ioctl\"",
        "latency > 5 parsec | 12 | \"and\", \"or\" or the end",
        "latency > 5parsec | 11 | unknown unit \"parsec\"",
        "state = dirty | 6 | \"has\" after state",
        "(page = 1 | 9 | \")\", \"and\" or \"or\"",
        "page = 1 page = 2 | 9 | \"and\", \"or\" or the end",
        "page = 1 and | 12 | expected a field",
        "page = 1 & queue = 2 | 9 | unexpected character",
        "actor = \"vcpu | 8 | no closing double quote",
        "seq = 9999999999999999999 | 6 | a whole number for seq",
      })
  void saysWhereAndWhatWasExpected(String text, int position, String message) {
    QueryException error = catchThrowableOfType(QueryException.class, () -> Query.parse(text));
    assertThat(error).isNotNull();
    assertThat(error.getMessage()).contains(message);
    assertThat(error.position()).isEqualTo(position);
  }

  @Test
  void anEndlessNestIsRefused() {
    QueryException error =
        catchThrowableOfType(QueryException.class, () -> Query.parse("(".repeat(4000)));
    assertThat(error.getMessage()).contains("nested");
    assertThat(
            catchThrowableOfType(QueryException.class, () -> Query.parse("not ".repeat(2000)))
                .getMessage())
        .contains("4096");
  }

  @Test
  void anyTextEitherParsesOrIsRefusedAtAPositionWithinIt() {
    Random random = new Random(1);
    String alphabet = "page errnoin{}()=<>!..,0x1\"us kindhsqlt";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? "page in " : "");
      int length = random.nextInt(30);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        Query.parse(text.toString());
      } catch (QueryException e) {
        assertThat(e.position()).as(text.toString()).isBetween(0, text.length());
      }
    }
  }

  private static Predicate parse(String text) {
    return Query.parse(text).predicate();
  }

  private static Predicate seq(long number) {
    return code(Field.SEQ, number);
  }

  private static Predicate code(Field field, long number) {
    return new Within(field, List.of(new Range(number, number)), false);
  }
}
