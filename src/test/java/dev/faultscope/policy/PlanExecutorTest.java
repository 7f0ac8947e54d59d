package dev.faultscope.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Errno;
import dev.faultscope.policy.HandledPages.Content;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows each answer of the kernel, against a port that says what a script has it say. */
class PlanExecutorTest {
  private static final int UNIT = 512;

  private final Script port = new Script();

  @Test
  void aMissingPageIsCopiedAndACachedOneContinued() {
    HandledPages missing = pages(8, 1, Content.SOURCE);
    carryOut(missing, plan(Plan.Kind.INSTALL, 3, 4));
    HandledPages cached = pages(8, 1, Content.CACHED);
    carryOut(cached, plan(Plan.Kind.INSTALL, 3, 4));

    assertThat(port.calls).containsExactly("COPY 3+1", "CONTINUE 3+1");
    assertThat(missing.isInstalled(3)).isTrue();
    assertThat(missing.isInstalled(4)).isFalse();
  }

  @Test
  void pagesOfOneWayAreOneCall() {
    HandledPages handled = pages(16, 1, Content.SOURCE);
    handled.removed(4, 2);
    handled.filled(10, 3);

    carryOut(handled, plan(Plan.Kind.INSTALL, 2, 14));

    assertThat(port.calls)
        .containsExactly("COPY 2+2", "ZEROPAGE 4+2", "COPY 6+4", "CONTINUE 10+3", "COPY 13+1");
  }

  @Test
  void partialProgressGoesOnWhereItStopped() {
    port.says(Errno.EAGAIN, 3).says(Errno.EEXIST, 0);

    carryOut(pages(8, 1, Content.SOURCE), plan(Plan.Kind.INSTALL, 0, 6));

    assertThat(port.calls)
        .containsExactly("COPY 0+6", "COPY 3+3", "found 3+1", "WAKE 3+1", "COPY 4+2");
  }

  @Test
  void aPageThatIsThereIsWoken() {
    HandledPages handled = pages(8, 1, Content.SOURCE);
    port.says(Errno.EEXIST, 0);

    carryOut(handled, plan(Plan.Kind.INSTALL, 5, 6));

    assertThat(port.calls).containsExactly("COPY 5+1", "found 5+1", "WAKE 5+1");
    assertThat(handled.isInstalled(5)).isTrue();
  }

  @Test
  void aQuietEntryWakesNobodyWhateverItFinds() {
    port.says(Errno.EEXIST, 0);

    carryOut(pages(8, 1, Content.CACHED), plan(Plan.Kind.INSTALL_QUIETLY, 0, 4));

    assertThat(port.calls)
        .containsExactly("CONTINUE 0+4 quietly", "found 0+1", "CONTINUE 1+3 quietly");
  }

  @Test
  void whileTheLayoutChangesTheSameIsTriedAgainAfterReading() {
    HandledPages handled = pages(8, 1, Content.SOURCE);
    Plan plan = plan(Plan.Kind.INSTALL, 2, 3);
    PlanExecutor executor = new PlanExecutor(handled, port);
    port.says(Errno.EAGAIN, 0).says(Errno.EAGAIN, 0);

    step(executor, plan);
    assertThat(executor.mustDrain()).isTrue();
    step(executor, plan);
    assertThat(executor.mustDrain()).isTrue();
    // What was read meanwhile says that the page was given back.
    handled.removed(2, 1);
    step(executor, plan);

    assertThat(executor.mustDrain()).isFalse();
    assertThat(plan.isEmpty()).isTrue();
    assertThat(port.calls).containsExactly("COPY 2+1", "COPY 2+1", "ZEROPAGE 2+1");
  }

  @Test
  void unprotectingWaitsForTheLayoutToo() {
    Plan plan = plan(Plan.Kind.UNPROTECT, 2, 3);
    PlanExecutor executor = new PlanExecutor(pages(8, 1, Content.SOURCE), port);
    port.says(Errno.EAGAIN, 0);

    step(executor, plan);
    assertThat(executor.mustDrain()).isTrue();
    step(executor, plan);

    assertThat(plan.isEmpty()).isTrue();
    assertThat(port.calls).containsExactly("UNPROTECT 2+1", "UNPROTECT 2+1");
  }

  @Test
  void withoutMemoryTheEntryStaysForLater() {
    Plan plan = plan(Plan.Kind.INSTALL, 2, 3);
    PlanExecutor executor = new PlanExecutor(pages(8, 1, Content.SOURCE), port);
    port.says(Errno.ENOMEM, 0);

    step(executor, plan);
    assertThat(executor.isShort()).isTrue();
    assertThat(plan.isEmpty()).isFalse();
    step(executor, plan);

    assertThat(executor.isShort()).isFalse();
    assertThat(plan.isEmpty()).isTrue();
  }

  @Test
  void aPageThatLeftTheCacheIsFilledAnewOnce() {
    HandledPages handled = pages(8, 1, Content.CACHED);
    port.says(Errno.EFAULT, 0);
    carryOut(handled, plan(Plan.Kind.INSTALL, 2, 5));
    assertThat(port.calls).containsExactly("CONTINUE 2+3", "COPY 2+1", "CONTINUE 3+2");
  }

  @Test
  void whereNothingCanBeCopiedTheFileIsWrittenAndContinuedOnce() {
    HandledPages handled = new HandledPages(List.of(area(8, 1, false, Content.SOURCE)));
    port.says(Errno.OK, 2).says(Errno.EFAULT, 0).says(Errno.OK, 1).says(Errno.EFAULT, 0);

    carryOut(handled, plan(Plan.Kind.INSTALL, 2, 4));

    assertThat(port.calls)
        .containsExactly(
            "WRITE 2+2", "CONTINUE 2+2", "WRITE 2+1", "CONTINUE 2+2", "dropped 2+2 EFAULT");
  }

  @ParameterizedTest
  @EnumSource(names = {"ENOENT", "ESRCH", "EINVAL", "EPERM", "EFAULT", "ENODEV"})
  void whatIsGoneOrNotOursIsDroppedAndTheNextEntryDone(Errno errno) {
    Plan plan = plan(Plan.Kind.INSTALL, 1, 3);
    plan.add(Plan.Kind.INSTALL, 6);
    port.says(errno, 0);

    carryOut(pages(8, 1, Content.SOURCE), plan);

    assertThat(port.calls).containsExactly("COPY 1+2", "dropped 1+2 " + errno, "COPY 6+1");
  }

  @Test
  void aWriteThatFailsDropsItsPages() {
    HandledPages handled = new HandledPages(List.of(area(8, 1, false, Content.SOURCE)));
    port.says(Errno.ENOSPC, 0);

    carryOut(handled, plan(Plan.Kind.INSTALL, 2, 4));

    assertThat(port.calls).containsExactly("WRITE 2+2", "dropped 2+2 ENOSPC");
  }

  @Test
  void hugePagesArePutInPlaceWhole() {
    HandledPages handled = pages(4 * UNIT, UNIT, Content.SOURCE);
    port.says(Errno.EAGAIN, UNIT).says(Errno.EEXIST, 0);

    carryOut(handled, plan(Plan.Kind.INSTALL, UNIT + 7, 3 * UNIT + 1));

    assertThat(port.calls)
        .containsExactly(
            "COPY 512+1536", "COPY 1024+1024", "found 1024+512", "WAKE 1024+512", "COPY 1536+512");
    port.calls.clear();
    carryOut(handled, plan(Plan.Kind.UNPROTECT, UNIT, UNIT + 1));
    assertThat(port.calls).containsExactly("UNPROTECT 512+512");
  }

  @Test
  void aPageThatIsMissingAgainIsZeros() {
    HandledPages handled = pages(8, 1, Content.SOURCE);
    carryOut(handled, plan(Plan.Kind.INSTALL, 2, 3));

    handled.told(2, false);
    carryOut(handled, plan(Plan.Kind.INSTALL, 2, 3));

    assertThat(port.calls).containsExactly("COPY 2+1", "ZEROPAGE 2+1");
  }

  @Test
  void whatNobodyHasContentForIsZerosAndNotPushed() {
    HandledPages handled = pages(8, 1, Content.ZEROS);
    assertThat(handled.nextAbsent(0, 8)).isEqualTo(8);

    handled.told(3, false);
    carryOut(handled, plan(Plan.Kind.INSTALL, 3, 4));

    assertThat(port.calls).containsExactly("ZEROPAGE 3+1");
  }

  @Test
  void aMessageCorrectsWhatWasThoughtOfTheFile() {
    HandledPages handled = pages(8, 1, Content.CACHED);
    handled.told(1, false);
    handled.removed(2, 1);
    handled.told(2, true);

    carryOut(handled, plan(Plan.Kind.INSTALL, 1, 2));
    carryOut(handled, plan(Plan.Kind.INSTALL, 2, 3));

    assertThat(port.calls).containsExactly("COPY 1+1", "CONTINUE 2+1");
  }

  private static HandledPages pages(int pages, int unit, Content content) {
    return new HandledPages(List.of(area(pages, unit, true, content)));
  }

  private static HandledPages.Area area(int pages, int unit, boolean missing, Content content) {
    return new HandledPages.Area("ram", 0, 0x10000, pages, unit, 0, true, missing, true, content);
  }

  private static Plan plan(Plan.Kind kind, int from, int to) {
    Plan plan = new Plan();
    plan.add(kind, from, to);
    return plan;
  }

  private void carryOut(HandledPages handled, Plan plan) {
    PlanExecutor executor = new PlanExecutor(handled, port);
    while (!plan.isEmpty()) {
      step(executor, plan);
    }
  }

  private static void step(PlanExecutor executor, Plan plan) {
    executor.prepare(plan);
    executor.perform(plan);
  }

  /** Says what it was told to say, then success. */
  private static final class Script implements UffdPort {
    private final Deque<Result> answers = new ArrayDeque<>();
    private final List<String> calls = new ArrayList<>();

    Script says(Errno errno, int pages) {
      answers.add(new Result(errno, pages));
      return this;
    }

    @Override
    public Result make(Call call, int first, int count, boolean wakes) {
      calls.add(call + " " + first + "+" + count + (wakes ? "" : " quietly"));
      Result said = answers.poll();
      return said == null || call == Call.WAKE ? new Result(Errno.OK, count) : said;
    }

    @Override
    public void found(int first, int count) {
      calls.add("found " + first + "+" + count);
    }

    @Override
    public void dropped(Call call, int first, int count, Errno errno) {
      calls.add("dropped " + first + "+" + count + " " + errno);
    }
  }
}
