package dev.faultscope.cli;

import dev.faultscope.linux.Linux;
import dev.faultscope.live.AttachServer;
import dev.faultscope.live.attach.Handshake;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.NoRecorder;
import dev.faultscope.live.handler.Placement;
import dev.faultscope.model.Counted;
import dev.faultscope.policy.Policies;
import dev.faultscope.policy.PolicySpec;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Files;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code attach}: serves the faults of a process that hands its userfaultfd over. */
@Command(
    name = "attach",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the memory of Firecracker, or of whoever speaks its handshake, until it leaves.",
      "On SIGTERM it fills in what is not there yet, lets go of the memory and ends with 0."
    })
final class AttachCommand implements Callable<Integer> {
  private static final int GRACE_SECONDS = 5;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--socket", required = true, description = "Where to listen.")
  private Path socket = Path.of("");

  @Option(
      names = "--memory",
      description = "The flat file of guest memory; without it missing pages are zero.")
  private @Nullable Path memory;

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      completionCandidates = PolicyNames.class,
      description = {
        "${COMPLETION-CANDIDATES}; with settings as in batch:16 or"
            + " working-set:recording=NAME,order=address (docs/scenario-format.md);"
            + " default on-demand."
      })
  private @Nullable String policy;

  @Option(
      names = "--working-set",
      description =
          "A file of hexadecimal byte offsets in first-touch order: what --policy learns from"
              + " instead of a recording (default policy: working-set).")
  private @Nullable Path workingSet;

  @Option(
      names = "--recording",
      paramLabel = "NAME=FILE",
      description = "What a recording that --policy names stands for. May be repeated.")
  private Map<String, Path> recordings = new LinkedHashMap<>();

  @Option(
      names = "--record",
      description = "Record to this file; a second peer's gets -2 before the suffix.")
  private @Nullable Path record;

  @Option(names = "--peers", description = "How many to serve; default ${DEFAULT-VALUE}.")
  private int peers = 1;

  @Option(
      names = "--accept-timeout",
      description = "Seconds to wait for each peer, 0 for ever; default ${DEFAULT-VALUE}.")
  private int acceptTimeout;

  @Option(
      names = "--handshake-timeout",
      description = "Seconds a peer may take for its message; default ${DEFAULT-VALUE}.")
  private int handshakeTimeout = 10;

  @Option(
      names = "--spin-us",
      description =
          "Microseconds to look for the next fault before sleeping; default ${DEFAULT-VALUE}.")
  private int spinMicros;

  @Option(
      names = "--placement",
      description =
          "free, same, apart or measured: the handler's CPU; default ${DEFAULT-VALUE}. Unless"
              + " --move-peer is given the peer's threads stay where they are.")
  private String placement = "measured";

  @Option(
      names = "--move-peer",
      description = "Move the threads that fault to other CPUs while their faults come thick.")
  private boolean movePeer;

  @Option(
      names = "--why",
      description =
          "Say of each fault who touched the page: stage 2, KVM itself and in which function, a"
              + " system call, or user mode, read off the sleeping thread's kernel stack; and when,"
              + " from a trace instance of our own. Takes CAP_SYS_ADMIN, tracefs and some fifty"
              + " microseconds a fault.")
  private boolean why;

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Output out = Output.of(spec);
    Optional<String> unavailable = Linux.whyUnavailable();
    if (unavailable.isPresent()) {
      out.tell("Nothing can be attached to here: " + unavailable.get());
      return 3;
    }
    try (GuestMemoryFile file = memory == null ? null : GuestMemoryFile.open(memory)) {
      return serve(out, file, choosePolicy());
    } catch (IllegalArgumentException badOption) {
      out.tell("" + badOption.getMessage());
      return 2;
    } catch (IOException failure) {
      out.tell("" + failure.getMessage());
      return 3;
    }
  }

  private HandlerPolicy choosePolicy() throws IOException {
    Path list = workingSet;
    if (list == null) {
      return HandlerPolicy.parse(
          policy == null ? Policies.usual().text() : policy, new RecordingFiles(recordings));
    }
    PolicySpec spec = PolicySpec.parse(policy == null ? "working-set" : policy);
    if (!spec.type().foresees()) {
      throw new IllegalArgumentException(
          "policy " + spec.type().name() + " learns nothing from --working-set: leave it away");
    }
    List<Long> offsets = new ArrayList<>();
    for (String line : Files.readAllLines(list)) {
      if (!line.isBlank()) {
        try {
          offsets.add(Long.parseLong(line.strip().replaceFirst("^0x", ""), 16));
        } catch (NumberFormatException notHex) {
          throw new IOException(
              "%s, line %d: '%s' is no hexadecimal offset"
                  .formatted(list, offsets.size() + 1, line.strip()),
              notHex);
        }
      }
    }
    return HandlerPolicy.ofOffsets(spec, offsets);
  }

  private int serve(Output out, @Nullable GuestMemoryFile file, HandlerPolicy chosen)
      throws IOException {
    LiveOptions options =
        LiveOptions.DEFAULT
            .withSpin(Duration.ofNanos(1000L * Math.max(0, spinMicros)))
            .withPlacement(Placement.named(placement), movePeer)
            .withOrigins(why ? 1 : 0);
    CountDownLatch finished = new CountDownLatch(1);
    Thread ending = null;
    try {
      List<LiveSummary> summaries;
      try (AttachServer server =
          new AttachServer(socket, file, chosen, options, this::open, new Teller(out))) {
        out.tell(
            "Listening at " + socket.toAbsolutePath() + ". To restore a Firecracker snapshot:");
        out.tell("  PUT /snapshot/load " + Handshake.request(socket.toAbsolutePath()));
        ending = Thread.ofPlatform().unstarted(() -> endWell(server, finished, options));
        Runtime.getRuntime().addShutdownHook(ending);
        summaries =
            server.serve(
                peers, Duration.ofSeconds(acceptTimeout), Duration.ofSeconds(handshakeTimeout));
      }
      print(out, summaries);
      finished.countDown();
    } finally {
      forget(ending);
    }
    return 0;
  }

  /** What has ended by itself has nothing to say in how its process ends. */
  private static void forget(@Nullable Thread ending) {
    if (ending == null) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(ending);
    } catch (IllegalStateException _) {
      // A signal ends the process, and the hook is at work.
    }
  }

  private static void endWell(AttachServer server, CountDownLatch finished, LiveOptions options) {
    server.stop();
    if (awaits(finished, options.drain().plusSeconds(GRACE_SECONDS))) {
      // A signal's exit code would be 143, and this is a good end.
      Runtime.getRuntime().halt(0);
    }
  }

  private static boolean awaits(CountDownLatch finished, Duration time) {
    try {
      return finished.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Recorder open(Peer peer, int number) throws IOException {
    Path file = record;
    if (file == null) {
      return new NoRecorder();
    }
    return RecordingFile.create(
        number == 1 ? file : numbered(file, number),
        new TimelineInfo(peer.name(), "live", System.nanoTime()));
  }

  private static Path numbered(Path file, int number) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling(
        dot <= 0
            ? name + "-" + number
            : name.substring(0, dot) + "-" + number + name.substring(dot));
  }

  private void print(Output out, List<LiveSummary> summaries) {
    if (json) {
      out.say(
          JsonMapper.shared()
              .writeValueAsString(summaries.stream().map(AttachCommand::fields).toList()));
    } else {
      summaries.forEach(summary -> out.say(text(summary)));
    }
  }

  static Map<String, Object> fields(LiveSummary summary) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("peer", summary.peer());
    fields.put("pid", summary.pid());
    fields.put("end", summary.end());
    fields.put("seconds", summary.seconds());
    fields.put("pages", summary.pages());
    fields.put("faults", summary.faults());
    fields.put("messages", summary.messages());
    fields.put("ioctls", summary.ioctls());
    fields.put("pagesInstalled", summary.pagesInstalled());
    fields.put("pagesRemoved", summary.pagesRemoved());
    fields.put("releasedByWatchdog", summary.released());
    fields.put("faultAllMicros", summary.faultAllMicros());
    fields.put("accessToReadNs", summary.accessToRead());
    fields.put("readToIoctlNs", summary.readToIoctl());
    fields.put("ioctlNs", summary.ioctl());
    fields.put("origins", summary.origins());
    fields.put("placement", summary.placement());
    fields.put("events", summary.events());
    fields.put("recordingFailure", summary.recordingFailure());
    return fields;
  }

  static String text(LiveSummary summary) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s (pid %d): %s after %.3f s, %s, %d of %s installed, %d given back%n",
            summary.peer(),
            summary.pid(),
            summary.end(),
            summary.seconds(),
            Counted.of(summary.faults(), "fault"),
            summary.pagesInstalled(),
            Counted.of(summary.pages(), "page"),
            summary.pagesRemoved()));
    if (summary.faultAllMicros() >= 0) {
      text.append("Finished Faulting All: %dus%n".formatted(summary.faultAllMicros()));
    }
    summary
        .origins()
        .forEach(
            (origin, times) ->
                text.append("%s: %s%n".formatted(Counted.of(times, "fault"), origin)));
    text.append("messages: %s%nioctls: %s%n".formatted(summary.messages(), summary.ioctls()));
    if (summary.accessToRead().p99() > 0) {
      text.append(
          "access to read: median %d ns, 99%% %d ns; "
              .formatted(summary.accessToRead().p50(), summary.accessToRead().p99()));
    }
    text.append(
        "read to ioctl: median %d ns, 99%% %d ns; ioctl: median %d ns, 99%% %d ns; %s"
            .formatted(
                summary.readToIoctl().p50(),
                summary.readToIoctl().p99(),
                summary.ioctl().p50(),
                summary.ioctl().p99(),
                Counted.of(summary.events(), "event")));
    if (!summary.recordingFailure().isEmpty()) {
      text.append("%nThe recording is not complete: %s".formatted(summary.recordingFailure()));
    }
    return text.toString();
  }

  private record Teller(Output out) implements AttachServer.Watcher {
    @Override
    public void attached(Peer peer, LiveControl control) {
      out.tell(
          "%s (pid %d, uid %d, gid %d) hands over %d bytes in %s"
              .formatted(
                  peer.name(),
                  peer.credentials().pid(),
                  peer.credentials().uid(),
                  peer.credentials().gid(),
                  peer.regions().stream().mapToLong(region -> region.size()).sum(),
                  Counted.of(peer.regions().size(), "region")));
    }

    @Override
    public void refused(IOException reason) {
      out.tell("Sent away: " + reason.getMessage());
    }

    @Override
    public void left(Peer peer, LiveSummary summary) {
      out.tell(summary.peer() + ": " + summary.end());
    }
  }
}
