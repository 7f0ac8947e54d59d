package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.query.FaultHeatmap.AddressRow;
import dev.faultscope.session.query.FaultHeatmap.LatencyRow;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.timeline.query.Query;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultHeatmapTest {
  @TempDir Path dir;

  /** What was written: where a page is told, and when it was woken, -1 for never. */
  private record Written(int region, int page, long queuedNs, long wokenNs) {}

  @Test
  void cellsAreThoseOfCountingByHand() {
    Seeds.forEach(
        40,
        seed -> {
          Random random = new Random(seed);
          try (RecordingFile file =
                  RecordingFile.create(
                      dir.resolve(seed + ".fscope"), new TimelineInfo("h", "simulation", 0));
              Timeline timeline = file.timeline()) {
            List<Written> written = write(file, random);
            long from = random.nextInt(3) == 0 ? random.nextLong(timeline.endNs()) : 0;
            long to =
                random.nextInt(3) == 0
                    ? from + 1 + random.nextLong(timeline.endNs())
                    : timeline.endNs() + 1;
            int columns = 1 + random.nextInt(random.nextBoolean() ? 9 : 500);
            int rows = 1 + random.nextInt(random.nextBoolean() ? 3 : 100);

            checkLatencies(timeline, written, from, to, columns);
            checkAddresses(timeline, written, from, to, columns, rows);
          }
        });
  }

  private static void checkLatencies(
      Timeline timeline, List<Written> written, long from, long to, int columns) {
    FaultHeatmap map =
        FaultHeatmap.of(timeline, FaultHeatmap.Of.LATENCY, null, from, to, columns, 1);
    FaultLatency latency = FaultTable.of(timeline, FaultOrder.TIME, null, null, 0).latency();
    assertThat(map.rows()).hasSize(latency.buckets().size());
    for (int row = 0; row < map.rows().size(); row++) {
      LatencyRow cells = (LatencyRow) map.rows().get(row);
      FaultLatency.Bucket bucket = latency.buckets().get(row);
      assertThat(cells.fromNs()).isEqualTo(bucket.fromNs());
      assertThat(cells.toNs()).isEqualTo(bucket.toNs());
      for (int column = 0; column < columns; column++) {
        long start = map.columnNs(column);
        long end = map.columnNs(column + 1);
        assertThat(cells.faults().get(column))
            .isEqualTo(
                written.stream()
                    .filter(each -> each.wokenNs >= start && each.wokenNs < end)
                    .map(each -> each.wokenNs - each.queuedNs)
                    .filter(ns -> ns >= bucket.fromNs() && ns < bucket.toNs())
                    .count());
      }
      if (from == 0 && to > timeline.endNs()) {
        assertThat(sum(cells.faults())).isEqualTo(bucket.faults());
      }
    }
    for (int column = 0; column < columns; column++) {
      long start = map.columnNs(column);
      long end = map.columnNs(column + 1);
      assertThat(map.unknown().get(column))
          .isEqualTo(
              written.stream()
                  .filter(each -> each.wokenNs < 0 && each.queuedNs >= start && each.queuedNs < end)
                  .count());
    }
    checkSums(map);
  }

  private static void checkAddresses(
      Timeline timeline, List<Written> written, long from, long to, int columns, int rows) {
    FaultHeatmap map =
        FaultHeatmap.of(timeline, FaultHeatmap.Of.ADDRESS, null, from, to, columns, rows);
    assertThat(map.rows()).hasSizeLessThanOrEqualTo(rows);
    List<Written> left = new ArrayList<>(written);
    left.removeIf(each -> each.queuedNs < from || each.queuedNs >= to);
    assertThat(map.faults()).isEqualTo(left.size());
    for (FaultHeatmap.Row row : map.rows()) {
      AddressRow cells = (AddressRow) row;
      if (cells.region() == null) {
        assertThat(row).isEqualTo(map.rows().getLast());
        assertThat(sum(cells.faults()))
            .isEqualTo(left.stream().filter(each -> each.region >= 0).count());
        left.removeIf(each -> each.region >= 0);
        continue;
      }
      for (int column = 0; column < columns; column++) {
        long start = map.columnNs(column);
        long end = map.columnNs(column + 1);
        List<Written> inside =
            left.stream()
                .filter(
                    each ->
                        each.region >= 0
                            && timeline.regions().get(each.region).name().equals(cells.region())
                            && each.page >= cells.firstPage()
                            && each.page < cells.firstPage() + cells.pages()
                            && each.queuedNs >= start
                            && each.queuedNs < end)
                .toList();
        assertThat(cells.faults().get(column)).isEqualTo(inside.size());
        left.removeAll(inside);
      }
    }
    assertThat(left).allMatch(each -> each.region < 0);
    assertThat(sum(map.unknown())).isEqualTo(left.size());
    checkSums(map);
  }

  private static void checkSums(FaultHeatmap map) {
    List<Long> cells = map.rows().stream().flatMap(row -> row.faults().stream()).toList();
    assertThat(map.faults()).isEqualTo(sum(cells) + sum(map.unknown()));
    assertThat(map.peak()).isEqualTo(cells.stream().mapToLong(each -> each).max().orElse(0));
    assertThat(map.mean() * cells.size()).isCloseTo(sum(cells), within());
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.api.Assertions.within(1e-6);
  }

  @Test
  void areaOfCellsHasTheFaultsOfItsPredicate() throws Exception {
    try (Timeline timeline =
        RecordedSessions.write(dir.resolve("p.fscope"), 5, 3000, 90).timeline()) {
      FaultHeatmap latencies =
          FaultHeatmap.of(timeline, FaultHeatmap.Of.LATENCY, null, 0, timeline.endNs() + 1, 37, 1);
      LatencyRow row = (LatencyRow) latencies.rows().getFirst();
      assertThat(
              faults(
                  timeline,
                  "time >= %dns and time < %dns and waited >= %dns and waited < %dns"
                      .formatted(
                          latencies.columnNs(4), latencies.columnNs(9), row.fromNs(), row.toNs())))
          .isEqualTo(sum(row.faults().subList(4, 9)))
          .isPositive();
      FaultHeatmap addresses =
          FaultHeatmap.of(timeline, FaultHeatmap.Of.ADDRESS, null, 0, timeline.endNs() + 1, 37, 12);
      AddressRow pages = (AddressRow) addresses.rows().get(3);
      assertThat(
              faults(
                  timeline,
                  ("kind = enqueue and time >= %dns and time < %dns and region = \"%s\""
                          + " and page in %d..%d")
                      .formatted(
                          addresses.columnNs(4),
                          addresses.columnNs(9),
                          pages.region(),
                          pages.firstPage(),
                          pages.firstPage() + pages.pages() - 1)))
          .isEqualTo(sum(pages.faults().subList(4, 9)))
          .isPositive();
    }
  }

  /** A thread that waits for another fault is over with the one before, told to be woken or not. */
  @Test
  void cellsOfWaitsThatNobodyWasToldToBeWokenFromOpenTheSameFaults() {
    Seeds.forEach(
        20,
        seed -> {
          Random random = new Random(seed);
          try (RecordingFile file =
                  RecordingFile.create(
                      dir.resolve("u" + seed + ".fscope"), new TimelineInfo("u", "simulation", 0));
              Timeline timeline = file.timeline()) {
            long unwoken = writeSomeWithoutWake(file, random);
            assertThat(unwoken).isPositive();
            FaultHeatmap map =
                FaultHeatmap.of(
                    timeline, FaultHeatmap.Of.LATENCY, null, 0, timeline.endNs() + 1, 17, 1);
            long found = 0;
            for (FaultHeatmap.Row each : map.rows()) {
              LatencyRow row = (LatencyRow) each;
              for (int from = 0; from < 17; from += 4) {
                int to = Math.min(17, from + 4);
                long cells = sum(row.faults().subList(from, to));
                assertThat(
                        faults(
                            timeline,
                            "time >= %dns and time < %dns and waited >= %dns and waited < %dns"
                                .formatted(
                                    map.columnNs(from),
                                    map.columnNs(to),
                                    row.fromNs(),
                                    row.toNs())))
                    .isEqualTo(cells);
                found += cells;
              }
            }
            assertThat(found).isEqualTo(map.faults() - sum(map.unknown()));
            assertThat(faults(timeline, "waited >= 0ns") - faults(timeline, "latency >= 0ns"))
                .isEqualTo(unwoken);
          }
        });
  }

  /** {@return how many waits end with the next of their thread} */
  private static long writeSomeWithoutWake(RecordingFile file, Random random) {
    RecordedSessions.declare(file, 80);
    EventDraft draft = new EventDraft();
    long time = 0;
    long unwoken = 0;
    boolean[] open = new boolean[2];
    for (int i = 0; i < 200; i++) {
      int actor = random.nextInt(2);
      time += random.nextLong(1L << random.nextInt(1, 20));
      unwoken += open[actor] ? 1 : 0;
      long enqueue =
          file.append(
              draft.of(EventKind.ENQUEUE, time).pages(0, random.nextInt(80), 1).actor(actor));
      open[actor] = random.nextInt(3) == 0;
      if (!open[actor]) {
        time += random.nextLong(1L << random.nextInt(1, 20));
        file.append(draft.of(EventKind.WAKE, time).actor(actor).cause(enqueue));
      }
    }
    return unwoken;
  }

  private static long faults(Timeline timeline, String where) {
    FaultTable table =
        FaultTable.of(timeline, FaultOrder.TIME, Query.parse(where).on(timeline), null, 0);
    return table.faults() + table.unreadFaults();
  }

  @Test
  void recordingWithoutFaultsHasNoRows() throws Exception {
    try (Timeline timeline = RecordedSessions.write(dir.resolve("e.fscope"), 1, 0, 50).timeline()) {
      for (FaultHeatmap.Of of : FaultHeatmap.Of.values()) {
        FaultHeatmap map = FaultHeatmap.of(timeline, of, null, 0, 1, 3, 5);

        assertThat(map.rows()).isEmpty();
        assertThat(map.unknown()).containsExactly(0L, 0L, 0L);
        assertThat(List.of(map.faults(), map.peak())).containsOnly(0L);
        assertThat(map.mean()).isZero();
      }
    }
  }

  @Test
  void everyTimeIsInTheColumnBetweenWhoseEdgesItIs() {
    Seeds.forEach(
        200,
        seed -> {
          Random random = new Random(seed);
          long from = random.nextLong(1L << random.nextInt(1, 62));
          long to = from + 1 + random.nextLong(1L << random.nextInt(1, 62));
          TimeColumns columns = new TimeColumns(from, to, 1 + random.nextInt(4096));
          assertThat(columns.edge(0)).isEqualTo(from);
          assertThat(columns.edge(columns.count())).isEqualTo(to);
          assertThat(List.of(columns.at(from - 1), columns.at(to))).containsOnly(-1);
          for (long time : Stream.of(from, to - 1, random.nextLong(from, to)).toList()) {
            int column = columns.at(time);
            assertThat(columns.edge(column)).isLessThanOrEqualTo(time);
            assertThat(columns.edge(column + 1)).isGreaterThan(time);
          }
        });
  }

  private static long sum(List<Long> counts) {
    return counts.stream().mapToLong(each -> each).sum();
  }

  /** Faults of two vCPUs on two regions; some are never woken, some say no page. */
  private static List<Written> write(RecordingFile file, Random random) {
    RecordedSessions.declare(file, 80);
    EventDraft draft = new EventDraft();
    List<Written> written = new ArrayList<>();
    long time = 0;
    for (int i = 0; i < 120; i++) {
      time += 1 + random.nextLong(5000);
      int region = random.nextInt(10) == 0 ? -1 : random.nextInt(2);
      int page = random.nextInt(80);
      // A thread that waits for another fault waits no more for this one: each waits in turn.
      long queued = time;
      draft.of(EventKind.ENQUEUE, queued).actor(random.nextInt(2));
      if (region >= 0) {
        draft.pages(region, page, 1);
      }
      long enqueue = file.append(draft);
      Event told = file.timeline().event(enqueue);
      time += random.nextLong(1L << random.nextInt(1, 24));
      file.append(
          draft
              .of(EventKind.WAKE, time)
              .pages(told.region(), told.firstPage(), told.pageCount())
              .actor(told.actor())
              .cause(enqueue));
      written.add(new Written(region, page, queued, time));
    }
    for (int actor = 0; actor < 2; actor++) {
      file.append(draft.of(EventKind.ENQUEUE, ++time).pages(0, actor, 1).actor(actor));
      written.add(new Written(0, actor, time, -1));
    }
    return written;
  }
}
