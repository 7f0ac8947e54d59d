package dev.faultscope.cli;

import dev.faultscope.linux.Linux;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.Rescue;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.LiveHandler;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.NoRecorder;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code rescue}: serves the faults of a process whose handler died. */
@Command(
    name = "rescue",
    mixinStandardHelpOptions = true,
    description = {
      "Takes a userfaultfd out of a process whose handler died and answers its faults.",
      Rescue.WARNING,
      "On SIGTERM it fills in what is not there yet, lets go of the memory and ends with 0."
    })
final class RescueCommand implements Callable<Integer> {
  private static final int GRACE_SECONDS = 5;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "PID", description = "The process whose memory is registered.")
  private int pid;

  @Option(
      names = "--fd",
      description = "Its userfaultfd's number; may be left out where it has one only.")
  private @Nullable Integer fd;

  @Option(
      names = "--memory",
      description = "What missing pages hold: the registered ranges in order, one after the other.")
  private @Nullable Path memory;

  @Option(names = "--zero", description = "Missing pages are zeros.")
  private boolean zero;

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      completionCandidates = PolicyNames.class,
      description =
          "${COMPLETION-CANDIDATES}; with settings as in batch:16 (docs/scenario-format.md);"
              + " default ${DEFAULT-VALUE}.")
  private String policy = "on-demand";

  @Option(names = "--record", description = "Record to this file.")
  private @Nullable Path record;

  @Option(
      names = "--yes",
      description = "The handler is dead: take the messages from whoever may still read them.")
  private boolean yes;

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Output out = Output.of(spec);
    Optional<String> unavailable = Linux.whyUnavailable();
    if (unavailable.isPresent()) {
      out.tell("Nothing can be rescued here: " + unavailable.get());
      return 3;
    }
    if (!yes) {
      out.tell(Rescue.WARNING);
      out.tell("If so, say it again with --yes.");
      return 2;
    }
    if (memory != null && zero) {
      out.tell("Give --memory or --zero, not both.");
      return 2;
    }
    try (GuestMemoryFile file = memory == null ? null : GuestMemoryFile.open(memory);
        Peer peer = Rescue.take(pid, fd == null ? Rescue.onlyOne(pid) : fd, file, zero)) {
      return serve(out, peer, file);
    } catch (IllegalArgumentException badOption) {
      out.tell("" + badOption.getMessage());
      return 2;
    } catch (IOException failure) {
      out.tell("" + failure.getMessage());
      return 3;
    }
  }

  private int serve(Output out, Peer peer, @Nullable GuestMemoryFile file) throws IOException {
    CountDownLatch finished = new CountDownLatch(1);
    Path target = record;
    try (RecordingFile recording =
            target == null
                ? null
                : RecordingFile.create(
                    target, new TimelineInfo(peer.name(), "rescue", System.nanoTime()));
        LiveHandler handler =
            new LiveHandler(
                peer,
                file,
                HandlerPolicy.parse(policy),
                LiveOptions.DEFAULT,
                recording == null ? new NoRecorder() : (Recorder) recording)) {
      Userfaultfd uffd = peer.uffd();
      out.tell(
          "Rescuing %s (pid %d): %d ranges%s"
              .formatted(
                  peer.name(),
                  pid,
                  peer.regions().size(),
                  uffd.isPollable()
                      ? ""
                      : "; its userfaultfd blocks and cannot be polled, so it is looked at every"
                          + " millisecond"));
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().unstarted(() -> endWell(handler, finished)));
      LiveSummary summary = handler.run();
      if (recording != null) {
        recording.complete();
      }
      out.say(
          json
              ? JsonMapper.shared().writeValueAsString(AttachCommand.fields(summary))
              : AttachCommand.text(summary));
    }
    finished.countDown();
    return 0;
  }

  private static void endWell(LiveHandler handler, CountDownLatch finished) {
    handler.stop();
    try {
      if (finished.await(
          LiveOptions.DEFAULT.drain().plusSeconds(GRACE_SECONDS).toMillis(),
          TimeUnit.MILLISECONDS)) {
        // A signal's exit code would be 143, and this is a good end.
        Runtime.getRuntime().halt(0);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
