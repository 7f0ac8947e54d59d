package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.settings.Choice;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.WaitPart;
import dev.faultscope.timeline.Waits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * How many faults there were in each cell of time and latency, or of time and address. Counted one
 * by one, never sampled.
 *
 * @param of what the rows are, by name
 * @param toNs end of the window, not in it
 * @param columns equal parts of the window's time
 * @param rows from the shortest latency or the lowest page on
 * @param unknown faults of each column that belong to no row: for latencies those that were not
 *     woken, by when they were queued; for addresses those whose page is not told
 * @param faults in the window, the unknown ones with them
 * @param unread of those, the ones that ended before anybody read their message: the statistics
 *     count them apart
 * @param peak most faults of a cell
 * @param mean faults of a cell, over all of them
 */
public record FaultHeatmap(
    String of,
    long fromNs,
    long toNs,
    int columns,
    List<Row> rows,
    List<Long> unknown,
    long faults,
    long unread,
    long peak,
    double mean) {
  /** Most columns. */
  public static final int MAX_COLUMNS = Lanes.MAX_PX;

  /** Most rows. */
  public static final int MAX_ROWS = 256;

  /** What the rows are. */
  public enum Of {
    /** Powers of two of a microsecond from queue to wake; a fault is where it was woken. */
    LATENCY,
    /** Pages, none of two regions in a row; a fault is where it was queued. */
    ADDRESS;

    /** {@return its name in a command line, address or answer} */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the one of a name}
     *
     * @throws IllegalArgumentException if there is none; the message names those there are
     */
    public static Of named(String id) {
      return Choice.of("of", List.of(values()), Of::id, id);
    }
  }

  /** A row of cells. */
  public sealed interface Row {
    /** {@return faults of each column} */
    List<Long> faults();
  }

  /**
   * Faults that waited about as long: a bucket of {@link FaultLatency}.
   *
   * @param fromNs the shortest that belongs here
   * @param toNs the shortest that does no more
   */
  public record LatencyRow(long fromNs, long toNs, List<Long> faults) implements Row {}

  /**
   * Faults on neighbouring pages of a region.
   *
   * @param region its name; null for all regions that there was no row for
   * @param firstPage within the region, 0 for those
   * @param pages how many; 0 for those
   */
  public record AddressRow(@Nullable String region, int firstPage, int pages, List<Long> faults)
      implements Row {}

  /**
   * {@return the cells of a window}
   *
   * <p>Which rows there are does not depend on the window. Latencies have the buckets from the
   * first with a fault to the last. Addresses have, of each region with faults, the pages from the
   * first that had one to the last; where there are more such regions than rows, those with the
   * fewest faults share the last row.
   *
   * @param where looks at a wait's ENQUEUE, READ and WAKE; null for every wait
   * @param fromNs start of the window, at least 0
   * @param toNs end of the window, after its start
   * @param columns 1 to {@value #MAX_COLUMNS}
   * @param rows most rows of addresses, 1 to {@value #MAX_ROWS}
   */
  public static FaultHeatmap of(
      Timeline timeline,
      Of of,
      @Nullable EventPredicate where,
      long fromNs,
      long toNs,
      int columns,
      int rows) {
    Waits waits = FaultTable.waits(timeline, where);
    TimeColumns window = new TimeColumns(fromNs, toNs, columns);
    return switch (of) {
      case LATENCY -> latencies(waits, window);
      case ADDRESS -> addresses(waits, window, timeline, rows);
    };
  }

  /** {@return when a column starts; with {@code columns} the window's end} */
  public long columnNs(int column) {
    return new TimeColumns(fromNs, toNs, columns).edge(column);
  }

  private static FaultHeatmap latencies(Waits waits, TimeColumns window) {
    Cells cells = new Cells(waits, window, FaultLatency.BUCKETS);
    int first = FaultLatency.BUCKETS;
    int last = -1;
    for (long wait = 0; wait < waits.size(); wait++) {
      long ns = waits.ns(WaitPart.LATENCY, wait);
      if (ns == WaitPart.UNTOLD) {
        cells.addUnknown(wait, waits.enqueuedNs(wait));
      } else {
        int bucket = FaultLatency.bucketOf(ns);
        first = Math.min(first, bucket);
        last = Math.max(last, bucket);
        cells.add(bucket, wait, waits.enqueuedNs(wait) + ns);
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int bucket = first; bucket <= last; bucket++) {
      rows.add(
          new LatencyRow(
              FaultLatency.fromNs(bucket), FaultLatency.toNs(bucket), cells.row(bucket)));
    }
    return cells.told(Of.LATENCY, rows);
  }

  private static FaultHeatmap addresses(
      Waits waits, TimeColumns window, Timeline timeline, int most) {
    Map<Integer, Extent> regions = new HashMap<>();
    for (long wait = 0; wait < waits.size(); wait++) {
      if (isPlaced(waits, wait)) {
        regions
            .computeIfAbsent(waits.region(wait), Extent::new)
            .add(Integer.toUnsignedLong(waits.page(wait)));
      }
    }
    List<Extent> shown = withRows(regions, most);
    int count = shown.stream().mapToInt(extent -> extent.rows).sum();
    int others = shown.size() < regions.size() ? count++ : -1;
    Cells cells = new Cells(waits, window, count);
    for (long wait = 0; wait < waits.size(); wait++) {
      Extent extent = isPlaced(waits, wait) ? regions.get(waits.region(wait)) : null;
      if (extent == null) {
        cells.addUnknown(wait, waits.enqueuedNs(wait));
      } else {
        int row =
            extent.rows == 0 ? others : extent.rowOf(Integer.toUnsignedLong(waits.page(wait)));
        cells.add(row, wait, waits.enqueuedNs(wait));
      }
    }
    List<Row> rows = new ArrayList<>();
    for (Extent extent : shown) {
      String name = timeline.regions().get(extent.region).name();
      for (int row = 0; row < extent.rows; row++) {
        long page = extent.first + row * extent.pagesOfRow;
        long pages = Math.min(extent.pagesOfRow, extent.last + 1 - page);
        rows.add(new AddressRow(name, (int) page, (int) pages, cells.row(extent.firstRow + row)));
      }
    }
    if (others >= 0) {
      rows.add(new AddressRow(null, 0, 0, cells.row(others)));
    }
    return cells.told(Of.ADDRESS, rows);
  }

  private static boolean isPlaced(Waits waits, long wait) {
    return waits.region(wait) != Event.NONE && (waits.flags(wait) & EventFlags.PAGE_UNKNOWN) == 0;
  }

  /** Gives rows to the regions, each at least one and the rest by how many pages they have. */
  private static List<Extent> withRows(Map<Integer, Extent> regions, int most) {
    int room = regions.size() > most ? most - 1 : most;
    List<Extent> shown =
        regions.values().stream()
            .sorted(
                Comparator.comparingLong((Extent extent) -> -extent.faults)
                    .thenComparingInt(extent -> extent.region))
            .limit(Math.min(room, regions.size()))
            .sorted(Comparator.comparingInt(extent -> extent.region))
            .toList();
    long pages = shown.stream().mapToLong(Extent::pages).sum();
    int spare = room - shown.size();
    int firstRow = 0;
    for (Extent extent : shown) {
      extent.place(firstRow, 1 + (int) (extent.pages() * spare / pages));
      firstRow += extent.rows;
    }
    return shown;
  }

  /** The pages of a region that had faults, from the first to the last, and their rows. */
  private static final class Extent {
    final int region;
    long first = Long.MAX_VALUE;
    long last = -1;
    long faults;
    int firstRow;
    int rows;
    long pagesOfRow;

    Extent(int region) {
      this.region = region;
    }

    void add(long page) {
      first = Math.min(first, page);
      last = Math.max(last, page);
      faults++;
    }

    long pages() {
      return last + 1 - first;
    }

    void place(int firstRow, int most) {
      this.firstRow = firstRow;
      pagesOfRow = Math.ceilDiv(pages(), (long) most);
      rows = (int) Math.ceilDiv(pages(), pagesOfRow);
    }

    int rowOf(long page) {
      return firstRow + (int) ((page - first) / pagesOfRow);
    }
  }

  private static final class Cells {
    private final Waits waits;
    private final TimeColumns window;
    private final long[][] counts;
    private final long[] unknown;
    private long unread;

    Cells(Waits waits, TimeColumns window, int rows) {
      this.waits = waits;
      this.window = window;
      counts = new long[rows][window.count()];
      unknown = new long[window.count()];
    }

    void add(int row, long wait, long timeNs) {
      count(counts[row], wait, timeNs);
    }

    void addUnknown(long wait, long timeNs) {
      count(unknown, wait, timeNs);
    }

    private void count(long[] row, long wait, long timeNs) {
      int column = window.at(timeNs);
      if (column >= 0) {
        row[column]++;
        unread += waits.isUnread(wait) ? 1 : 0;
      }
    }

    List<Long> row(int row) {
      return LongStream.of(counts[row]).boxed().toList();
    }

    FaultHeatmap told(Of of, List<Row> rows) {
      long faults = LongStream.of(unknown).sum();
      long placed = 0;
      long peak = 0;
      for (long[] row : counts) {
        for (long cell : row) {
          placed += cell;
          peak = Math.max(peak, cell);
        }
      }
      double mean = rows.isEmpty() ? 0 : (double) placed / window.count() / rows.size();
      return new FaultHeatmap(
          of.id(),
          window.fromNs(),
          window.toNs(),
          window.count(),
          rows,
          LongStream.of(unknown).boxed().toList(),
          faults + placed,
          unread,
          peak,
          mean);
    }
  }
}
