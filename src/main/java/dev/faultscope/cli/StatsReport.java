package dev.faultscope.cli;

import dev.faultscope.model.Counted;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;
import dev.faultscope.session.query.KernelTotals;
import dev.faultscope.timeline.LatencyHistogram;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.trace.input.DamagedLine;
import dev.faultscope.trace.input.ImportReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Statistics as text for a person and as JSON for a program. */
record StatsReport(
    TimelineInfo info,
    @Nullable KernelProfile kernel,
    Statistics statistics,
    String lost,
    @Nullable ImportReport report) {

  /** One object; its fields are described in docs/importing.md. */
  String json() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("title", info.title());
    root.put("source", info.source());
    if (kernel != null) {
      root.put("kernel", Map.of("version", kernel.version(), "settings", kernel.settings()));
    }
    root.put("events", statistics.events());
    root.put("origin", statistics.origin().id());
    root.put("faults", statistics.faults());
    root.put("unreadFaults", statistics.unreadFaults());
    root.put("distinctPages", statistics.distinctPages());
    root.put("faultsByThread", statistics.faultsByThread());
    KernelTotals kernelTotals = KernelTotals.of(statistics);
    root.put("faultsByOrigin", kernelTotals.faultsByOrigin());
    root.put("faultsByCause", kernelTotals.faultsByCause());
    root.put("leaves", kernelTotals.leaves());
    root.put("zappedPages", kernelTotals.zappedPages());
    root.put("mmioExits", kernelTotals.mmioExits());
    Map<String, Object> resolutions = new LinkedHashMap<>();
    Map<String, Object> ioctls = new LinkedHashMap<>();
    statistics
        .ioctls()
        .forEach(
            (ioctl, calls) -> {
              if (ioctl.fills()) {
                resolutions.put(ioctl.name(), calls.ok());
              }
              Map<String, Object> results = new LinkedHashMap<>();
              results.put("calls", calls.calls());
              results.put("ok", calls.ok());
              results.put("eexist", calls.eexist());
              results.put("eagain", calls.eagain());
              results.put("other", calls.other());
              ioctls.put(ioctl.name(), results);
            });
    root.put("resolutions", resolutions);
    root.put("ioctls", ioctls);
    root.put("pagesServed", statistics.pagesServed());
    List<Object> regions = new ArrayList<>();
    for (Statistics.OfRegion of : statistics.regions()) {
      Map<String, Object> region = new LinkedHashMap<>();
      region.put("name", of.region().name());
      region.put("base", hex(of.region().base()));
      if (of.region().gpaBase() != Region.NO_GPA) {
        region.put("gpaBase", hex(of.region().gpaBase()));
      }
      region.put("pages", of.region().pages());
      region.put("faults", of.faults());
      region.put("distinctPages", of.distinctPages());
      region.put("inferred", of.region().inferred());
      regions.add(region);
    }
    root.put("regions", regions);
    root.put("unknownLines", report == null ? Map.of() : report.unknownLines());
    root.put("damagedLines", report == null ? 0 : report.damagedLines());
    root.put("lostEvents", report == null ? 0 : report.lostEvents());
    root.put("durationNs", statistics.durationNs());
    root.put("latencyNs", statistics.latency().percentiles());
    root.put("readToIoctlNs", statistics.readToIoctl().percentiles());
    root.put("ioctlNs", statistics.ioctl().percentiles());
    root.put("notes", notes());
    return Output.json(root) + "\n";
  }

  /** A few aligned lines. */
  String text() {
    StringBuilder out = new StringBuilder();
    if (!lost.isEmpty()) {
      out.append(lost).append(System.lineSeparator()).append(System.lineSeparator());
    }
    row(out, "recording", info.title() + " (" + info.source() + ")");
    if (kernel != null) {
      row(out, "kernel", kernel.text());
    }
    row(out, "events", number(statistics.events()));
    row(out, "duration", duration(statistics.durationNs()));
    String unread =
        statistics.unreadFaults() == 0
            ? ""
            : ", and " + number(statistics.unreadFaults()) + " that ended unread";
    row(out, "faults", number(statistics.faults()) + unread);
    if (statistics.origin() != FaultOrigin.UFFD) {
      row(out, "origin", statistics.origin().word());
      statistics
          .faultsByCause()
          .forEach((cause, count) -> row(out, "  " + cause.word(), counted(count, "fault")));
    }
    if (statistics.origin() == FaultOrigin.STAGE2) {
      Statistics.Leaves leaves = statistics.leaves();
      row(
          out,
          "entries set",
          "%s of 4 KiB, %s of 2 MiB, %s of 1 GiB"
              .formatted(number(leaves.small()), number(leaves.of2M()), number(leaves.of1G())));
      row(out, "zapped pages", number(statistics.zappedPages()));
      row(out, "MMIO exits", number(statistics.mmioExits()));
    }
    statistics
        .faultsByOrigin()
        .forEach(
            (origin, count) -> {
              if (origin != statistics.origin() && count > 0) {
                row(out, "beside them, " + origin.word(), counted(count, "fault"));
              }
            });
    row(out, "distinct pages", number(statistics.distinctPages()));
    row(out, "pages served", number(statistics.pagesServed()));
    times(out, "waiting time", statistics.latency());
    times(out, "read to ioctl", statistics.readToIoctl());
    times(out, "ioctl", statistics.ioctl());
    out.append('\n');
    statistics
        .faultsByThread()
        .forEach((thread, count) -> row(out, "thread " + thread, counted(count, "fault")));
    for (Statistics.OfRegion of : statistics.regions()) {
      Region region = of.region();
      row(
          out,
          "region " + region.name(),
          "%s, %s, %s%s"
              .formatted(
                  hex(region.base()),
                  counted(region.pages(), "page"),
                  counted(of.faults(), "fault"),
                  region.inferred() ? " (inferred)" : ""));
    }
    statistics
        .ioctls()
        .forEach(
            (ioctl, calls) ->
                row(
                    out,
                    "UFFDIO_" + ioctl.name(),
                    "%s: %s ok, %s EEXIST, %s EAGAIN, %s other"
                        .formatted(
                            counted(calls.calls(), "call"),
                            number(calls.ok()),
                            number(calls.eexist()),
                            number(calls.eagain()),
                            number(calls.other()))));
    problems(out);
    return out.toString();
  }

  private void problems(StringBuilder out) {
    if (report != null) {
      report
          .unknownLines()
          .forEach((name, count) -> row(out, "unknown event " + name, counted(count, "line")));
      if (report.damagedLines() > 0) {
        row(out, "damaged lines", number(report.damagedLines()));
        for (DamagedLine line : report.damaged().stream().limit(10).toList()) {
          row(out, "  line " + line.number(), line.reason());
        }
      }
      if (report.lostEvents() != 0) {
        row(out, "lost events", report.lostEvents() < 0 ? "some" : number(report.lostEvents()));
      }
    }
    if (report != null) {
      report.notes().forEach(note -> row(out, "note", note));
    }
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (report != null) {
      notes.addAll(report.notes());
    }
    if (!lost.isEmpty()) {
      notes.add(lost);
    }
    return notes;
  }

  private static void times(StringBuilder out, String name, LatencyHistogram times) {
    LatencyHistogram.Percentiles shown = times.percentiles();
    row(
        out,
        name,
        "p50 %s, p99 %s, max %s"
            .formatted(duration(shown.p50()), duration(shown.p99()), duration(shown.max())));
  }

  private static void row(StringBuilder out, String name, String value) {
    out.append(String.format(Locale.ROOT, "%-22s %s%n", name, value));
  }

  private static String counted(long count, String one) {
    return number(count) + " " + Counted.noun(count, one);
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String duration(long ns) {
    return ns >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.3f s", ns / 1e9)
        : ns >= 1_000_000
            ? String.format(Locale.ROOT, "%.3f ms", ns / 1e6)
            : String.format(Locale.ROOT, "%.1f µs", ns / 1e3);
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
