package dev.faultscope.cli;

import dev.faultscope.linux.Linux;
import dev.faultscope.linux.OpenUserfaultfd;
import dev.faultscope.live.attach.PeerMemory.Area;
import dev.faultscope.live.handler.NoRecorder;
import dev.faultscope.live.watch.ProcessWatch;
import dev.faultscope.live.watch.WatchOptions;
import dev.faultscope.live.watch.WatchSummary;
import dev.faultscope.model.Counted;
import dev.faultscope.model.Region;
import dev.faultscope.session.watch.Watches;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code watch}: a process's userfaultfds, sampled from outside. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Samples a process's userfaultfds, sleeping threads and mapped pages until it ends;",
      "of a process without a userfaultfd it tells the faults by the kernel's trace events:",
      "those of a KVM guest, and the host's.",
      "No message is read and no page touched. On SIGTERM it prints its summary and ends with 0."
    })
final class WatchCommand implements Callable<Integer> {
  private static final int GRACE_SECONDS = 5;

  @Spec private @Nullable CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Target target = new Target();

  /** The process, either way round. */
  private static final class Target {
    @Parameters(paramLabel = "PID", description = "The process whose memory it is.")
    private int pid;

    @Option(names = "--pid", paramLabel = "PID", description = "The same as an option.")
    private int asOption;

    int pid() {
      return asOption == 0 ? pid : asOption;
    }
  }

  @Option(
      names = "--rate",
      paramLabel = "HZ",
      description = "Samples a second, 1 to 1000; default ${DEFAULT-VALUE}.")
  private int rate = WatchOptions.DEFAULT.rateHz();

  @Option(
      names = "--seconds",
      description = "Watch for so long at most; 0, the default, until the process ends.")
  private int seconds;

  @Option(names = "--record", paramLabel = "FILE", description = "Record to this file.")
  private @Nullable Path record;

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    int pid = target.pid();
    Output out = Output.of(spec);
    Optional<String> unavailable = Linux.whyUnavailable();
    if (unavailable.isPresent()) {
      out.tell("Nothing can be watched here: " + unavailable.get());
      return 3;
    }
    try {
      WatchOptions options =
          WatchOptions.DEFAULT.withRate(rate).withDuration(Duration.ofSeconds(seconds));
      return watch(out, pid, options);
    } catch (IllegalArgumentException badOption) {
      out.tell("" + badOption.getMessage());
      return 2;
    } catch (IOException failure) {
      out.tell("" + failure.getMessage());
      return 3;
    }
  }

  private int watch(Output out, int pid, WatchOptions options) throws IOException {
    CountDownLatch finished = new CountDownLatch(1);
    Path file = record;
    try (RecordingFile recording =
            file == null
                ? null
                : RecordingFile.create(
                    file, new TimelineInfo("process " + pid, "watch", System.nanoTime()));
        ProcessWatch watch =
            Watches.of(pid, options, recording == null ? new NoRecorder() : (Recorder) recording)) {
      out.tell(
          watch.summary().traced() == null
              ? "Watching process " + pid + " at " + rate + " Hz, without touching it."
              : "Watching process " + pid + " by trace events, without touching it.");
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().unstarted(() -> endWell(watch, finished)));
      WatchSummary summary = watch.run();
      if (recording != null) {
        recording.complete();
      }
      out.say(json ? JsonMapper.shared().writeValueAsString(fields(summary)) : text(summary));
    }
    finished.countDown();
    return 0;
  }

  private static void endWell(ProcessWatch watch, CountDownLatch finished) {
    watch.stop();
    try {
      if (finished.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        // A signal's exit code would be 143, and this is a good end.
        Runtime.getRuntime().halt(0);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, Object> fields(WatchSummary summary) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("pid", summary.pid());
    fields.put("name", summary.name());
    fields.put("end", summary.end());
    fields.put("seconds", summary.seconds());
    fields.put("samples", summary.samples());
    fields.put("late", summary.late());
    List<Map<String, Object>> uffds = new ArrayList<>();
    for (OpenUserfaultfd uffd : summary.uffds()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("fd", uffd.fd());
      each.put("nonBlocking", uffd.nonBlocking());
      each.put("pending", uffd.pending());
      each.put("total", uffd.total());
      each.put("features", "0x" + Long.toHexString(uffd.features()));
      uffds.add(each);
    }
    fields.put("uffds", uffds);
    List<Map<String, Object>> ranges = new ArrayList<>();
    for (Area area : summary.areas()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("start", "0x" + Long.toHexString(area.start()));
      each.put("end", "0x" + Long.toHexString(area.end()));
      each.put("backing", area.backing().text());
      each.put("modes", modes(area.modes()));
      each.put("pages", area.pages());
      ranges.add(each);
    }
    fields.put("ranges", ranges);
    fields.put("presentPages", summary.presentPages());
    fields.put("appeared", summary.appeared());
    fields.put("vanished", summary.vanished());
    fields.put("sleeping", summary.sleeping());
    fields.put("waits", summary.waits());
    fields.put("origins", summary.origins());
    fields.put("events", summary.events());
    WatchSummary.Traced traced = summary.traced();
    if (traced != null) {
      fields.put("lines", traced.lines());
      fields.put("lostEvents", traced.lost());
      fields.put("cpuShare", traced.cpuShare());
      fields.put("faultsByOrigin", traced.faults());
      fields.put("silent", traced.silent());
    }
    return fields;
  }

  private static String text(WatchSummary summary, WatchSummary.Traced traced) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s (pid %d): %s after %.3f s; %s, %s of a CPU to watch%n",
            summary.name(),
            summary.pid(),
            summary.end(),
            summary.seconds(),
            Counted.of(traced.lines(), "line"),
            String.format(Locale.ROOT, "%.1f %%", 100 * traced.cpuShare())));
    traced
        .faults()
        .forEach(
            (origin, count) -> {
              if (count > 0) {
                text.append("%s: %s%n".formatted(origin, Counted.of(count, "fault")));
              }
            });
    traced.silent().forEach(line -> text.append("not told: %s%n".formatted(line)));
    return text.append(
            traced.lost() == 0
                ? Counted.of(summary.events(), "event") + "; the kernel lost none"
                : Counted.of(summary.events(), "event")
                    + "; the kernel lost "
                    + (traced.lost() < 0 ? "some" : Counted.of(traced.lost(), "event")))
        .toString();
  }

  private static String text(WatchSummary summary) {
    WatchSummary.Traced traced = summary.traced();
    if (traced != null) {
      return text(summary, traced);
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s (pid %d): %s after %.3f s; %s, %d left out for want of time%n",
            summary.name(),
            summary.pid(),
            summary.end(),
            summary.seconds(),
            Counted.of(summary.samples(), "sample"),
            summary.late()));
    for (OpenUserfaultfd uffd : summary.uffds()) {
      text.append(
          "userfaultfd %d%s: %d unread, %d read and unanswered, features 0x%x%n"
              .formatted(
                  uffd.fd(),
                  uffd.nonBlocking() ? "" : " (blocking)",
                  uffd.pending(),
                  uffd.read(),
                  uffd.features()));
    }
    for (Area area : summary.areas()) {
      text.append(
          "0x%x-0x%x %s, registered %s, %s%n"
              .formatted(
                  area.start(),
                  area.end(),
                  area.backing().text(),
                  String.join("|", modes(area.modes())),
                  Counted.of(area.pages(), "page")));
    }
    summary
        .origins()
        .forEach(
            (origin, times) ->
                text.append("%s: %s%n".formatted(Counted.of(times, "wait"), origin)));
    return text.append(
            "%s mapped; seen to appear %d, to vanish %d; %s asleep, %s seen; %s"
                .formatted(
                    Counted.of(summary.presentPages(), "page"),
                    summary.appeared(),
                    summary.vanished(),
                    Counted.of(summary.sleeping(), "thread"),
                    Counted.of(summary.waits(), "wait"),
                    Counted.of(summary.events(), "event")))
        .toString();
  }

  static List<String> modes(int bits) {
    List<String> names = new ArrayList<>();
    if ((bits & Region.MISSING) != 0) {
      names.add("MISSING");
    }
    if ((bits & Region.MINOR) != 0) {
      names.add("MINOR");
    }
    if ((bits & Region.WP) != 0) {
      names.add("WP");
    }
    return names;
  }
}
