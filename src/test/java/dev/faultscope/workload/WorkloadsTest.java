package dev.faultscope.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadsTest {
  private static final int PAGES = 1000;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "random", "strided", "strided, stride: 7", "pointer-chase"})
  void everyPageIsAccessed(String kind) {
    List<Integer> pages = pages("kind: " + kind + ", accesses: 16000", 1);
    assertThat(new HashSet<>(pages)).hasSize(PAGES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "random", "strided"})
  void onePassAccessesEachPageOnce(String kind) {
    assertThat(pages("kind: " + kind, 1)).doesNotHaveDuplicates().hasSize(PAGES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "random",
        "random, once: false",
        "zipf",
        "working-set-shift",
        "two-phase-boot",
        "pointer-chase"
      })
  void orderDependsOnTheSeedAlone(String kind) {
    assertThat(pages("kind: " + kind, 3)).isEqualTo(pages("kind: " + kind, 3));
    assertThat(pages("kind: " + kind, 3)).isNotEqualTo(pages("kind: " + kind, 4));
  }

  @Test
  void zipfHasFewPagesOfManyAccesses() {
    long[] counts = new long[PAGES];
    pages("kind: zipf, accesses: 100000", 1).forEach(page -> counts[page]++);
    long[] sorted = java.util.Arrays.stream(counts).sorted().toArray();
    // With s = 0.99 of 1,000 pages the most popular has about 13 %, the hundredth 0.14 %.
    assertThat(sorted[PAGES - 1]).isBetween(11_000L, 15_000L);
    assertThat(sorted[PAGES - 100]).isBetween(80L, 200L);
  }

  @Test
  void workingSetStaysAndThenMoves() {
    List<Integer> pages =
        pages("kind: working-set-shift, set: 10, step: 5, stay: 100, accesses: 300", 1);
    assertThat(pages.subList(0, 100)).allMatch(page -> page < 10).contains(0, 9);
    assertThat(pages.subList(100, 200)).allMatch(page -> page >= 5 && page < 15);
    assertThat(pages.subList(200, 300)).allMatch(page -> page >= 10 && page < 20);
  }

  @Test
  void bootReadsItsPartInRunsBeforeTheHotSet() {
    List<Integer> pages = pages("kind: two-phase-boot, boot: 20, accesses: 1000", 1);
    assertThat(pages.subList(0, 200)).allMatch(page -> page < 200).doesNotHaveDuplicates();
    long sequential = 0;
    for (int i = 1; i < 200; i++) {
      sequential += pages.get(i) == pages.get(i - 1) + 1 ? 1 : 0;
    }
    assertThat(sequential).isGreaterThan(190);
    assertThat(pages.subList(200, 1000)).anyMatch(page -> page >= 200);
  }

  @Test
  void splitThreadsShareThePagesWithoutOverlap() {
    Scenario scenario = scenario("kind: random, split: true", 3);
    List<Integer> all = new ArrayList<>();
    scenario
        .workloads()
        .forEach(spec -> all.addAll(drain(spec.accesses(PAGES, 1, Recordings.NONE))));
    assertThat(all).doesNotHaveDuplicates().hasSize(PAGES);
  }

  @Test
  void writesAreTheirPercentage() {
    Accesses accesses =
        scenario("kind: random, writes: 30, accesses: 10000", 1)
            .workloads()
            .getFirst()
            .accesses(PAGES, 1, Recordings.NONE);
    int writes = 0;
    while (accesses.advance()) {
      writes += accesses.isWrite() ? 1 : 0;
    }
    assertThat(writes).isBetween(2_700, 3_300);
  }

  @Test
  void replayFollowsTheRecordingAndItsWrites() throws IOException {
    RecordedAccesses recorded = RecordedAccesses.of(recording().timeline());
    Recordings recordings = name -> recorded;

    Scenario one = scenario("kind: replay, recording: r", 1);
    Accesses all = one.workloads().getFirst().accesses(PAGES, 1, recordings);
    List<String> seen = new ArrayList<>();
    while (all.advance()) {
      seen.add(all.page() + (all.isWrite() ? "w" : "r"));
    }
    assertThat(seen).containsExactly("7r", "3w", "7w", "9r");

    Scenario two = scenario("kind: replay, recording: r", 2);
    assertThat(drain(two.workloads().get(0).accesses(PAGES, 1, recordings))).containsExactly(7, 7);
    assertThat(drain(two.workloads().get(1).accesses(PAGES, 1, recordings))).containsExactly(3, 9);
    assertThatThrownBy(() -> two.workloads().get(1).accesses(8, 1, recordings))
        .hasMessageContaining("page 9, the workload has 8");
  }

  private RecordingFile recording() throws IOException {
    RecordingFile file =
        RecordingFile.create(folder.resolve("r.fscope"), new TimelineInfo("r", "simulation", 0));
    file.region(new Region(0, "ram", 0x1000, Region.NO_GPA, 10, Backing.ANON, 0, false));
    file.actor(new Actor(0, ActorKind.VCPU, "v0", 1, 0));
    file.actor(new Actor(1, ActorKind.VCPU, "v1", 2, 1));
    EventDraft draft = new EventDraft();
    int[][] touches = {{0, 7, 0}, {1, 3, 1}, {0, 7, 1}, {1, 9, 0}};
    for (int[] each : touches) {
      draft.of(EventKind.TOUCH, 0).actor(each[0]).pages(0, each[1], 1);
      file.append(draft.flags(each[2] == 1 ? EventFlags.WRITE : 0));
    }
    file.complete();
    return file;
  }

  private static List<Integer> pages(String workload, long seed) {
    return drain(
        scenario(workload, 1).workloads().getFirst().accesses(PAGES, seed, Recordings.NONE));
  }

  private static List<Integer> drain(Accesses accesses) {
    List<Integer> pages = new ArrayList<>();
    while (accesses.advance()) {
      pages.add(accesses.page());
    }
    return pages;
  }

  private static Scenario scenario(String workload, int count) {
    return ScenarioParser.parse(
        """
        title: w
        memory: {ram: {backing: anon, pages: %d}}
        threads: {t: {count: %d, workload: {%s}}}
        """
            .formatted(PAGES, count, workload));
  }
}
