package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.DecideReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.testsupport.StoryParts;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.Imports;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of recordings whose faults meet no userfaultfd. */
class StageTwoQueriesTest {
  private static final int ALL = 1_000_000;

  @TempDir private Path directory;

  private Imports.Result sample(String name) throws Exception {
    return Imports.file(Path.of("sample-traces", name + ".trace.txt"), directory, List.of());
  }

  private static FaultTable table(Timeline timeline, FaultGrouping grouping) {
    return FaultTable.of(timeline, FaultOrder.CAUSE, null, grouping, ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s2_huge", "s2_notifier", "s2_slots", "s2_dirty"})
  void tableRowsAndSumsAreThoseOfTheStatistics(String name) throws Exception {
    try (Imports.Result result = sample(name)) {
      Statistics counted = Statistics.of(result.timeline());
      FaultTable table = table(result.timeline(), FaultGrouping.CAUSE);

      assertThat(table.origin()).isEqualTo(counted.origin().id());
      assertThat(MetaView.of(result.timeline()).origin()).isEqualTo(counted.origin().id());
      assertThat(table.faults()).isEqualTo(counted.faults());
      assertThat(FaultCount.of(result.timeline())).isEqualTo(counted.faults());
      Map<String, Long> byWord = new TreeMap<>();
      counted.faultsByCause().forEach((cause, faults) -> byWord.put(cause.word(), faults));
      Map<String, Long> grouped = new TreeMap<>();
      table.groups().forEach(group -> grouped.put(group.name(), group.faults()));
      assertThat(grouped).isEqualTo(byWord);
      Map<String, Long> rows = new TreeMap<>();
      table.rows().forEach(row -> rows.merge(String.valueOf(row.cause()), 1L, Long::sum));
      Map<String, Long> byId = new TreeMap<>();
      counted.faultsByCause().forEach((cause, faults) -> byId.put(cause.id(), faults));
      assertThat(rows).isEqualTo(byId);
      assertThat(table.rows()).allMatch(row -> row.origin().equals("stage2"));
      assertThat(table.rows()).allMatch(row -> row.handler() == null && row.ioctl() == null);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s2_huge", "s2_slots"})
  void everyStoryGoesFromExitToEntryAndItsPartsAreThoseOfItsRow(String name) throws Exception {
    try (Imports.Result result = sample(name)) {
      for (FaultTable.Row row : table(result.timeline(), FaultGrouping.THREAD).rows()) {
        FaultStory story = FaultStory.of(result.timeline(), row.seq());
        FaultStory.Parts parts = Objects.requireNonNull(story.parts());
        assertThat(parts).isEqualTo(StoryParts.of(row));
        assertThat(sum(parts)).isEqualTo(row.waitNs());
        assertThat(story.steps().getFirst().kind()).isEqualTo("exit");
        assertThat(story.steps().getLast().kind()).isEqualTo("wake");
        assertThat(story.steps())
            .extracting(FaultStory.Step::kind)
            .doesNotContain("ioctl", "retry");
        assertThat(story.steps()).allMatch(step -> step.seq() != null && step.linked());
        assertThat(story.participants())
            .extracting(FaultStory.Participant::id)
            .contains("guest", "kvm")
            .doesNotContain("userfaultfd", "handler");
      }
    }
  }

  private static long sum(FaultStory.Parts parts) {
    long sum = 0;
    for (Long part :
        new Long[] {
          parts.unreadNs(), parts.readToIoctlNs(), parts.ioctlNs(), parts.unattributedNs()
        }) {
      sum += part == null ? 0 : part;
    }
    return sum;
  }

  @Test
  void storyOfAFaultThatWasThrownAwayNamesTheNotifierAndTheFaultThatCameOfIt() throws Exception {
    try (Imports.Result result = sample("s2_huge")) {
      FaultTable.Row thrown = first(result.timeline(), DecideReason.RETRIED);
      FaultStory story = FaultStory.of(result.timeline(), thrown.seq());

      assertThat(story.steps()).extracting(FaultStory.Step::kind).contains("kernel", "hole");
      FaultStory.Remark again =
          story.remarks().stream()
              .filter(remark -> remark.text().startsWith("The guest faults on the page again"))
              .findFirst()
              .orElseThrow();
      FaultStory next = FaultStory.of(result.timeline(), Objects.requireNonNull(again.seq()));
      assertThat(next.remarks())
          .anyMatch(remark -> Objects.equals(remark.seq(), thrown.seq()))
          .anyMatch(remark -> remark.text().contains("by the MMU notifier"));
    }
  }

  private static FaultTable.Row first(Timeline timeline, DecideReason cause) {
    return table(timeline, FaultGrouping.CAUSE).rows().stream()
        .filter(row -> cause.id().equals(row.cause()))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s2_huge", "s2_notifier", "s2_slots", "s2_dirty"})
  void timeInTheKernelIsThatOfTheWaitsAndTheRestIsToldApart(String name) throws Exception {
    try (Imports.Result result = sample(name)) {
      Timeline timeline = result.timeline();
      LaneShares shares = LaneShares.of(timeline, 0, timeline.endNs(), 1);
      for (FaultTable.Group thread : table(timeline, FaultGrouping.THREAD).groups()) {
        int actor =
            timeline.actors().stream()
                .filter(each -> each.label().equals(thread.name()))
                .findFirst()
                .orElseThrow()
                .index();
        LaneShares.OfActor lane = shares.actors().get(actor);
        assertThat(lane.kernel().getFirst()).isEqualTo(thread.waitNs());
        assertThat(lane.vmm().getFirst()).isPositive();
        assertThat(lane.running().getFirst()).isPositive();
        assertThat(lane.blocked().getFirst()).isZero();
        assertThat(lane.handling().getFirst()).isZero();
        assertThat(lane.known(0)).isLessThanOrEqualTo(timeline.endNs());
      }
    }
  }

  @Test
  void queueSaysWhoIsInKvmAndThatNobodyReadAMessage() throws Exception {
    try (Imports.Result result = sample("s2_slots")) {
      try (Cursor cursor = result.timeline().cursor()) {
        cursor.seek(first(result.timeline(), DecideReason.MAPPED_FIRST).seq() + 1);
        QueueView queue = QueueView.of(cursor.moment());
        assertThat(queue.kernel()).isEqualTo(1);
        assertThat(queue.pending() + queue.read()).isZero();
        assertThat(queue.entries())
            .allMatch(entry -> entry.phase().equals("kernel") && entry.handler() == null)
            .allMatch(entry -> entry.origin().equals(FaultOrigin.STAGE2.id()));
      }
    }
  }
}
