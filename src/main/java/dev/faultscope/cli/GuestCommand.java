package dev.faultscope.cli;

import dev.faultscope.linux.Linux;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.guest.Guest;
import dev.faultscope.live.guest.GuestOptions;
import dev.faultscope.live.guest.GuestOptions.GuestBacking;
import dev.faultscope.live.guest.GuestOptions.Pattern;
import dev.faultscope.live.guest.GuestOptions.Workload;
import dev.faultscope.live.guest.GuestReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code guest}: memory and someone who touches it, for a handler that listens at a socket. */
@Command(
    name = "guest",
    mixinStandardHelpOptions = true,
    description = {
      "Hands its memory over in Firecracker's handshake, touches all of it and checks every byte.",
      "Ends with 1 where bytes were wrong, 4 where its handler died."
    })
final class GuestCommand implements Callable<Integer> {
  private static final int ORPHANED = 4;

  /** Register modes by name. */
  enum Mode {
    MISSING(Userfaultfd.MISSING),
    MINOR(Userfaultfd.MINOR),
    BOTH(Userfaultfd.MISSING | Userfaultfd.MINOR);

    private final long bits;

    Mode(long bits) {
      this.bits = bits;
    }
  }

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--socket", required = true, description = "Where the handler listens.")
  private Path socket = Path.of("");

  @Option(names = "--backing", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private GuestBacking backing = GuestBacking.MEMFD;

  @Option(names = "--mode", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Mode mode = Mode.MINOR;

  @Option(names = "--mib", description = "Size of its memory; default ${DEFAULT-VALUE}.")
  private int mib = 64;

  @Option(names = "--regions", description = "In how many mappings; default ${DEFAULT-VALUE}.")
  private int regions = 1;

  @Option(names = "--workload", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Workload workload = Workload.TOUCH;

  @Option(names = "--pattern", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Pattern pattern = Pattern.SEQUENTIAL;

  @Option(
      names = {"-v", "--workers"},
      description = "Threads or vCPUs; default ${DEFAULT-VALUE}.")
  private int workers = 1;

  @Option(names = "--write", description = "Write to each page.")
  private boolean write;

  @Option(
      names = "--ring",
      description =
          "Privilege level of vCPUs, 0 or 3; a KVM without hardware support emulates ring 0."
              + " Default ${DEFAULT-VALUE}.")
  private int ring = 3;

  @Option(names = "--clock", description = "Have KVM itself write a clock into guest memory.")
  private boolean clock;

  @Option(names = "--content", description = "A file that says what each byte should be.")
  private @Nullable Path content;

  @Option(names = "--balloon", description = "Give the last quarter back during the run.")
  private boolean balloon;

  @Option(
      names = "--cpus",
      split = ",",
      description = "CPUs that the workers run on, one after the other; default anywhere.")
  private List<Integer> cpus = List.of();

  @Option(names = "--limit", description = "Seconds it may live; default ${DEFAULT-VALUE}.")
  private int limit = 600;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Output out = Output.of(spec);
    Optional<String> unavailable = Linux.whyUnavailable();
    if (unavailable.isPresent()) {
      out.tell("A guest cannot be made here: " + unavailable.get());
      return 3;
    }
    try {
      GuestOptions options =
          new GuestOptions(
              socket,
              backing,
              mode.bits,
              (long) mib << 20,
              regions,
              workload,
              pattern,
              workers,
              write,
              ring,
              clock,
              Optional.ofNullable(content),
              balloon,
              cpus,
              Duration.ofSeconds(limit));
      GuestReport report =
          new Guest(
                  options,
                  () -> {
                    out.tell("The handler is gone and this memory is still registered: the end.");
                    Runtime.getRuntime().halt(ORPHANED);
                  })
              .run();
      out.say(json ? toJson(report) : toText(report));
      return report.wrongPages() == 0 ? 0 : 1;
    } catch (IllegalArgumentException badOption) {
      out.tell("" + badOption.getMessage());
      return 2;
    } catch (IOException failure) {
      out.tell("The guest failed: " + failure.getMessage());
      // Its threads may be asleep in memory that nobody serves.
      Runtime.getRuntime().halt(3);
      return 3;
    }
  }

  /** In the lines and units of the kernel's demand_paging_test. */
  private static String toText(GuestReport report) {
    return String.format(
        Locale.ROOT,
        """
        Total guest execution time:\t%.9fs
        Per-vcpu demand paging rate:\t%f pgs/sec/vcpu
        Overall demand paging rate:\t%f pgs/sec
        Pages checked:\t%d, wrong: %d%s\
        """,
        report.seconds(),
        report.pagesPerSecondPerWorker(),
        report.pagesPerSecond(),
        report.checkedPages(),
        report.wrongPages(),
        report.detail().isEmpty() ? "" : " (" + report.detail() + ")");
  }

  private static String toJson(GuestReport report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("workers", report.workers());
    fields.put("pages", report.pages());
    fields.put("seconds", report.seconds());
    fields.put("pagesPerSecondPerWorker", report.pagesPerSecondPerWorker());
    fields.put("pagesPerSecond", report.pagesPerSecond());
    fields.put("checkedPages", report.checkedPages());
    fields.put("wrongPages", report.wrongPages());
    fields.put("detail", report.detail());
    return JsonMapper.shared().writeValueAsString(fields);
  }
}
