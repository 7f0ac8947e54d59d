package dev.faultscope.session.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.faultscope.session.scenario.BadScenarioException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One scenario, several policies. */
class ComparisonTest {
  private static final String SCENARIO =
      """
      title: Two threads over 256 pages
      memory: {ram: {backing: anon, pages: 256}}
      uffds: {u: {register: {ram: [MISSING]}}}
      threads: {v: {count: 2, workload: {kind: sequential, split: true}}}
      handlers: {h: {policy: on-demand, source: page-cache}}
      """;

  private static final String BATCH = "{name: batch, after: 15}";

  private static ComparisonRequest request(String text, List<String> policies, Long... seeds) {
    return ComparisonRequest.of(
        text, policies, List.of(seeds), List.of(), Map.of(), ComparisonLimits.USUAL);
  }

  private static ComparisonView run(ComparisonRequest request, ComparisonLimits limits) {
    Comparison comparison = new Comparison("c", request, limits);
    comparison.run();
    assertThat(comparison.isOver()).isTrue();
    return comparison.view();
  }

  @Test
  void everyPolicyGetsEveryPageAndBatchingTakesFewerFaults() {
    ComparisonView view =
        run(request(SCENARIO, List.of("on-demand", BATCH)), ComparisonLimits.USUAL);

    assertThat(view.state()).isEqualTo(Comparison.State.DONE);
    assertThat(view.workers()).containsExactly("v-0", "v-1");
    assertThat(view.runs()).extracting(Measured::policy).containsExactly("on-demand", BATCH);
    assertThat(view.runs()).allSatisfy(run -> assertThat(run.complete()).as(run.note()).isTrue());
    Measured onDemand = view.runs().getFirst();
    Measured batch = view.runs().getLast();
    assertThat(onDemand.pages()).isEqualTo(256);
    assertThat(onDemand.faults()).isEqualTo(256);
    assertThat(onDemand.ioctls()).containsEntry("COPY", 256L);
    assertThat(batch.pages()).isEqualTo(256);
    assertThat(batch.faults()).isBetween(16L, 64L);
    assertThat(batch.elapsedNs()).isLessThan(onDemand.elapsedNs());
    assertThat(onDemand.stallNs()).containsOnlyKeys("v-0", "v-1");
    assertThat(onDemand.stallNs().values()).allMatch(stall -> stall > 0);
  }

  @Test
  void aCurveRisesFromTheFirstPageToTheLast() {
    Measured run =
        run(request(SCENARIO, List.of("on-demand")), ComparisonLimits.USUAL).runs().getFirst();

    List<Measured.Point> curve = run.curve();
    assertThat(curve).hasSize(256);
    assertThat(curve.getFirst().n()).isEqualTo(1);
    assertThat(curve.getLast().n()).isEqualTo(256);
    assertThat(curve.getLast().ns()).isLessThanOrEqualTo(run.elapsedNs());
    assertThat(IntStream.range(1, curve.size()))
        .allMatch(i -> curve.get(i).ns() >= curve.get(i - 1).ns());
  }

  @Test
  void pagesThatNobodyAskedForAreCounted() {
    String half = SCENARIO.replace("split: true", "pages: 130, split: true");
    Measured run = run(request(half, List.of(BATCH)), ComparisonLimits.USUAL).runs().getFirst();

    assertThat(run.pages()).isEqualTo(130);
    assertThat(run.unusedPages()).isPositive();
  }

  @Test
  void theSameSeedGivesTheSameNumbersAndEverySeedRuns() {
    String random = SCENARIO.replace("sequential", "random");
    ComparisonView first =
        run(request(random, List.of("on-demand"), 1L, 2L), ComparisonLimits.USUAL);
    ComparisonView again =
        run(request(random, List.of("on-demand"), 1L, 2L), ComparisonLimits.USUAL);

    assertThat(first.runs()).extracting(Measured::seed).containsExactly(1L, 2L);
    assertThat(first.runs()).isEqualTo(again.runs());
  }

  @Test
  void aRunThatReachesItsBoundSaysSo() {
    ComparisonLimits few =
        new ComparisonLimits(16, 8, 1L << 20, 1100, Duration.ofSeconds(60), 4, 32);
    Measured run = run(request(SCENARIO, List.of("on-demand")), few).runs().getFirst();

    assertThat(run.complete()).isFalse();
    assertThat(run.note()).contains("1100 events");
  }

  @Test
  void aCancelledComparisonEnds() {
    Comparison comparison =
        new Comparison("c", request(SCENARIO, List.of("on-demand")), ComparisonLimits.USUAL);
    comparison.cancel();
    comparison.run();

    assertThat(comparison.view().state()).isEqualTo(Comparison.State.CANCELLED);
    assertThat(comparison.view().runs()).isEmpty();
  }

  @Test
  void cancellingBreaksOffAStepThatGoesOnForLong() throws Exception {
    String store = "store: {at: big, pages: 1048576, value: 7}";
    String steps = "steps: [{repeat: {times: 1000, steps: [{" + store + "}]}}]\n";
    String memory = "memory: {big: {backing: memfd, pages: 1048576}, ";
    Comparison comparison =
        new Comparison(
            "c",
            request(
                SCENARIO.replace("memory: {", memory).replace("{kind:", "{memory: ram, kind:")
                    + steps,
                List.of("on-demand")),
            ComparisonLimits.USUAL);
    Thread thread = Thread.ofPlatform().daemon().start(comparison);
    while (comparison.view().state() == Comparison.State.WAITING) {
      Thread.onSpinWait();
    }
    comparison.cancel();

    assertThat(thread.join(Duration.ofSeconds(30))).as("it ends").isTrue();
    assertThat(comparison.view().state()).isEqualTo(Comparison.State.CANCELLED);
  }

  @Test
  void whatCannotBeComparedIsRefusedWithTheReason() {
    assertThatExceptionOfType(BadScenarioException.class)
        .isThrownBy(() -> request("title: t\nmemory: {a: {backing: wood}}", List.of("batch")))
        .satisfies(e -> assertThat(e.line()).isEqualTo(2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request("title: t\nsteps: []", List.of("batch")))
        .withMessageContaining("no handler");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request(SCENARIO, List.of("clairvoyant")))
        .withMessageContaining("clairvoyant");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request(SCENARIO, List.of()))
        .withMessageContaining("policies");
    Long[] many = IntStream.range(0, 9).mapToObj(Long::valueOf).toArray(Long[]::new);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request(SCENARIO, List.of("batch"), many))
        .withMessageContaining("1 to 8");
  }

  @Test
  void onlySoManyAreKept() throws Exception {
    ComparisonLimits small =
        new ComparisonLimits(16, 8, 1L << 20, 1_000_000, Duration.ofSeconds(60), 1, 2);
    try (Comparisons comparisons = new Comparisons(small)) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Comparison comparison = comparisons.start(request(SCENARIO, List.of("on-demand")));
        ids.add(comparison.id());
        while (!comparison.isOver()) {
          Thread.onSpinWait();
        }
      }
      assertThat(comparisons.find(ids.get(0))).isEmpty();
      assertThat(comparisons.find(ids.get(1))).isPresent();
      assertThat(comparisons.find(ids.get(2))).isPresent();
      assertThat(comparisons.forget(ids.get(2))).isTrue();
      assertThat(comparisons.forget(ids.get(2))).isFalse();
    }
  }
}
