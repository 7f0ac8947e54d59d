package dev.faultscope.session.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.linux.UffdResult;
import dev.faultscope.live.handler.HoldRule;
import dev.faultscope.live.handler.LiveControl;
import dev.faultscope.live.handler.WaitingFault;
import dev.faultscope.model.HoleKind;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.session.EmptyTimeline;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.run.RecordingSink;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handlers, guests and people tell a live run of themselves from threads of their own. */
class LiveRunEndTest {
  private static final RunStatus.Peer PEER = new RunStatus.Peer("guest", 1, 0, 0, 4096, 1);

  private final Control control = new Control();
  private final LiveRun run =
      new LiveRun(new Sink(), "on-demand", Duration.ofSeconds(1), new NoProcess(), false);

  @Test
  void runThatEndsWhileItsHandlerTellsOfItselfStaysOver() throws InterruptedException {
    run.serving(PEER, List.of(new HeldUffd("uffd", control, List.of(0), false)), "");
    Thread meanwhile = whenLookedAt(this::end);

    control.told.run();
    meanwhile.join();

    assertThat(run.status().phase()).isEqualTo(RunPhase.ENDED);
  }

  @Test
  void whatIsToldAfterTheEndDoesNotBringItBack() {
    run.serving(PEER, List.of(new HeldUffd("uffd", control, List.of(0), false)), null);
    end();

    control.told.run();
    run.atRest("its threads are done");
    run.failed("too late");
    run.serving(PEER, List.of(new HeldUffd("uffd", control, List.of(0), false)), null);

    assertThat(run.status().phase()).isEqualTo(RunPhase.ENDED);
  }

  @Test
  void runThatIsOverNeedsItsRecordingNoMore(@TempDir Path dir) throws IOException {
    RecordingFile file =
        RecordingFile.create(dir.resolve("1.fscope"), new TimelineInfo("test", "live", 0));
    RecordedSessions.declare(file, 1000);
    RecordedSessions.fault(file, 0, 7, 5_000);
    long endNs = file.timeline().endNs();
    LiveRun ended =
        new LiveRun(
            new Sink() {
              @Override
              public Timeline timeline() {
                return file.timeline();
              }

              @Override
              public void complete() {
                file.complete();
                // Somebody else's recording needed the room at once.
                file.timeline().close();
              }
            },
            "on-demand",
            Duration.ofSeconds(1),
            new NoProcess(),
            false);
    ended.serving(PEER, List.of(new HeldUffd("uffd", control, List.of(0), false)), null);

    end(ended);
    ended.say("killed by signal 9");

    assertThat(ended.status().phase()).isEqualTo(RunPhase.ENDED);
    assertThat(ended.status().message()).isEqualTo("it left · killed by signal 9");
    assertThat(((RunStatus.Live) ended.status().engine()).nowNs()).isEqualTo(endNs).isPositive();
  }

  @Test
  void holdThatComesWhileItsHandlerTellsOfItselfIsKept() throws InterruptedException {
    run.serving(PEER, List.of(new HeldUffd("uffd", control, List.of(0), false)), "page = 1");
    Thread meanwhile = whenLookedAt(() -> run.submit(new RunCommand.Manual(true)).join());

    control.told.run();
    meanwhile.join();

    assertThat(run.status().manual()).isTrue();
  }

  /** Has another thread do something as far as it gets while the handler is looked at. */
  private Thread whenLookedAt(Runnable what) {
    Thread meanwhile = new Thread(what);
    control.whenLookedAt =
        () -> {
          meanwhile.start();
          while (meanwhile.getState() != Thread.State.BLOCKED && meanwhile.isAlive()) {
            Thread.onSpinWait();
          }
        };
    return meanwhile;
  }

  private void end() {
    end(run);
  }

  private static void end(LiveRun run) {
    run.ended(
        "it left",
        new RunReport(
            "live",
            0,
            0,
            new RunReport.Faults(0, 0, 0, 0, 0),
            0,
            Map.of(),
            Map.of(),
            0,
            RunReport.Expectations.NONE),
        List.of());
  }

  /** A handler at which something else happens just when it is looked at. */
  private static final class Control implements LiveControl {
    private Runnable told = () -> {};
    private Runnable whenLookedAt = () -> {};

    private void lookedAt() {
      Runnable once = whenLookedAt;
      whenLookedAt = () -> {};
      once.run();
    }

    @Override
    public CompletableFuture<Void> runFreely() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> hold(HoldRule which) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> release(HoldRule which) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Boolean> step() {
      return CompletableFuture.completedFuture(false);
    }

    @Override
    public CompletableFuture<Boolean> step(long sequence) {
      return CompletableFuture.completedFuture(false);
    }

    @Override
    public CompletableFuture<UffdResult> answer(ByHand ioctl) {
      throw new AssertionError("nobody asks for " + ioctl);
    }

    @Override
    public CompletableFuture<Void> gone(HoleKind how, int region, int firstPage, int pages) {
      throw new AssertionError("nothing goes");
    }

    @Override
    public List<WaitingFault> held() {
      return List.of();
    }

    @Override
    public boolean isHolding() {
      lookedAt();
      return true;
    }

    @Override
    public long nowNs() {
      return 0;
    }

    @Override
    public void onChange(Runnable told) {
      this.told = told;
    }

    @Override
    public void stop() {}
  }

  private static final class NoProcess implements LiveProcess {
    @Override
    public void stop() {}

    @Override
    public Map<RunCommand.Injection, String> injections() {
      return Arrays.stream(RunCommand.Injection.values())
          .collect(Collectors.toMap(Function.identity(), _ -> "not here"));
    }

    @Override
    public String inject(RunCommand.Inject what) {
      throw new AssertionError("nobody asks for " + what);
    }
  }

  private static class Sink implements RecordingSink {
    private final Timeline timeline = new EmptyTimeline("test");

    @Override
    public String id() {
      return "r1";
    }

    @Override
    public Recorder recorder() {
      throw new AssertionError("nothing is recorded");
    }

    @Override
    public Timeline timeline() {
      return timeline;
    }

    @Override
    public void complete() {}

    @Override
    public void breakOff(String why) {}
  }
}
