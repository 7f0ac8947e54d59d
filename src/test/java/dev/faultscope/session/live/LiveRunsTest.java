package dev.faultscope.session.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.live.guest.GuestLauncher;
import dev.faultscope.session.Questions;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.session.run.CommandAnswers;
import dev.faultscope.session.run.Run;
import dev.faultscope.session.run.RunAnswer;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.run.RunRefusedException;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.testsupport.Conditions;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.trace.TraceFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests in processes of their own, and peers that attach, as the browser asks for them. */
@Requires(Requirement.UFFD)
@Timeout(120)
class LiveRunsTest {
  @TempDir Path directory;
  private Library library;
  private Runs runs;
  private LiveRuns live;

  @BeforeEach
  void open() {
    library =
        new Library(
            new LibrarySettings(
                directory.resolve("data"), 8, Duration.ofMinutes(10), 1, 1, 1 << 20, List.of()),
            new TraceImports(TraceFormats.STANDARD));
    library.start();
    runs = KilledServer.runs(library);
    live = new LiveRuns(library, runs, new LiveLimits(2, 8));
  }

  @AfterEach
  void close() {
    live.close();
    library.close();
  }

  @Test
  void guestIsHeldSteppedAnsweredByHandAndKeptInTheLibrary() throws Exception {
    LiveRun run = live.start(guest("touch", "page >= 10"));
    Conditions.await("page 10 is held", () -> isHeld(run, 10));
    RunStatus held = run.status();
    assertThat(held.phase()).isEqualTo(RunPhase.WAITING);
    assertThat(held.manual()).isFalse();
    assertThat(held.hold()).isEqualTo("page >= 10");
    RunStatus.Waiting waiting = held.waiting().getFirst();
    assertThat(waiting.read()).isTrue();
    assertThat(waiting.held()).isTrue();
    assertThat(waiting.flags()).isEqualTo(4);
    assertThat(waiting.sinceNs()).isLessThanOrEqualTo(((RunStatus.Live) held.engine()).nowNs());
    assertThat(library.ask(run.id(), session -> session.isLoading())).hasValue(true);

    assertThat(perform(run, new RunCommand.CheckPages()).why()).contains("agree on 10 mapped");

    RunAnswer wrong = perform(run, ioctl("COPY", 10));
    assertThat(wrong.errnoName()).isEqualTo("EEXIST");
    assertThat(wrong.woke()).isEmpty();
    assertThat(wrong.why()).contains("wakes nobody");
    RunAnswer right = perform(run, ioctl("CONTINUE", 10));
    assertThat(right.field()).isEqualTo(4096);
    assertThat(woke(run, right)).containsExactly("toucher 0");
    assertThat(right.from()).isLessThanOrEqualTo(right.to());
    Conditions.await("page 11 is held", () -> isHeld(run, 11));
    long fault = run.status().waiting().getFirst().seq();
    assertThat(woke(run, perform(run, new RunCommand.Answer(fault)))).containsExactly("toucher 0");
    Conditions.await("page 12 is held", () -> isHeld(run, 12));

    perform(run, new RunCommand.Break(List.of("page = 20 and kind = enqueue")));
    perform(run, new RunCommand.Go(Double.POSITIVE_INFINITY));
    Conditions.await("page 20 is held", () -> isHeld(run, 20));
    assertThat(run.status().hold()).as("who runs on holds nothing but at breakpoints").isNull();
    assertThat(stopped(run).queries()).containsExactly("page = 20 and kind = enqueue");
    assertThat(stopped(run).seq()).isEqualTo(run.status().waiting().getFirst().seq());
    assertThatThrownBy(() -> perform(run, new RunCommand.Break(List.of("page >"))))
        .isInstanceOf(RunRefusedException.class)
        .hasMessageContaining("character");

    perform(run, new RunCommand.Go(Double.POSITIVE_INFINITY));
    Conditions.await("it is over", () -> run.status().phase() == RunPhase.ENDED);
    Conditions.await(
        "its words are there", () -> ("" + run.status().message()).contains("demand paging rate"));
    assertThat(library.ask(run.id(), session -> session.isLoading())).hasValue(false);
    assertThat(library.open(run.id())).isPresent();
    assertThat(library.list()).anyMatch(recording -> recording.id().equals(run.id()));
    assertThat(Objects.requireNonNull(run.status().report()).faults().minor()).isEqualTo(256);
    assertThatThrownBy(() -> perform(run, new RunCommand.Answer(0)))
        .hasMessageContaining("is over");
  }

  @Test
  void anEventThatIsNoFaultsHoldsEveryFaultFromThenOn() throws Exception {
    LiveRun run = live.start(guest("touch", ""));
    Conditions.await("page 0 is held", () -> isHeld(run, 0));
    String query = "page = 7 and kind = ioctl";
    perform(run, new RunCommand.Break(List.of("kind = exit", query)));
    perform(run, new RunCommand.Go(Double.POSITIVE_INFINITY));
    Conditions.await("page 8 is held", () -> isHeld(run, 8));
    assertThat(run.status().manual()).isFalse();
    assertThat(stopped(run).queries()).containsExactly(query);
    assertThat(library.ask(run.id(), session -> Questions.search(session, query, 1, 1, 1)))
        .hasValueSatisfying(
            hits -> assertThat(hits.hits().getFirst().seq()).isEqualTo(stopped(run).seq()));
    perform(run, new RunCommand.Break(List.of()));
    perform(run, new RunCommand.Answer(0));
    Conditions.await("it still stands", () -> isHeld(run, 9));
    perform(run, new RunCommand.Go(Double.POSITIVE_INFINITY));
    Conditions.await("it is over", () -> run.status().phase() == RunPhase.ENDED);
  }

  private static Breakpoints.Stop stopped(LiveRun run) {
    return Objects.requireNonNull(run.status().stop());
  }

  @Test
  void aStepReleasesTheFaultThatWaitsLongestAndComesBackWithTheNext() throws Exception {
    LiveRun run = live.start(guest("touch", ""));
    Conditions.await("page 0 is held", () -> isHeld(run, 0));
    assertThat(run.status().manual()).isTrue();
    assertThat(run.status().can().advance()).contains(RunCommand.Unit.FAULT);
    RunAnswer once = perform(run, new RunCommand.Advance(RunCommand.Unit.EVENT, 1));
    assertThat(pages(run)).containsExactly(1);
    assertThat(once.to()).isGreaterThanOrEqualTo(run.status().waiting().getFirst().seq());
    perform(run, new RunCommand.Advance(RunCommand.Unit.FAULT, 3));
    assertThat(pages(run)).containsExactly(4);
    perform(run, new RunCommand.Manual(false));
    Conditions.await("it is over", () -> run.status().phase() == RunPhase.ENDED);
  }

  @Test
  void whatCannotBeDoneFromOutsideIsRefusedWithTheReason() throws Exception {
    LiveRun run = live.start(guest("touch", ""));
    Conditions.await("page 0 is held", () -> isHeld(run, 0));
    Map<RunCommand, String> refused =
        Map.of(
            new RunCommand.Read("uffd"),
            "has read every message",
            new RunCommand.Go(10),
            "as fast as it goes",
            ioctl("MOVE", 0),
            "the caller's own memory",
            ioctl("REGISTER", 0),
            "before it hands the userfaultfd over",
            RunCommand.Ioctl.named("w", "WAKE", List.of(), pages(0), -1, null),
            "no userfaultfd w",
            new RunCommand.Inject(RunCommand.Injection.PUNCH_HOLE, -1, pages(0), false),
            "belongs to the process",
            new RunCommand.Inject(RunCommand.Injection.SIGNAL, 1, null, false),
            "would die of it");
    refused.forEach(
        (command, why) ->
            assertThatThrownBy(() -> perform(run, command))
                .as("%s", command)
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining(why));
    assertThatThrownBy(() -> run.fork(1, library.record("fork", "live")))
        .hasMessageContaining("cannot be done again");
    assertThat(pages(run)).as("nothing has moved").containsExactly(0);
  }

  @Test
  void whatIsHeldIsToldAndNotAskedFor() throws Exception {
    LiveRun run = live.start(guest("touch", "page >= 5"));
    BlockingQueue<Integer> told = new LinkedBlockingQueue<>();
    run.onChange(() -> told.addAll(pages(run)));
    Conditions.await("page 5 is held", () -> isHeld(run, 5));
    told.clear();
    run.submit(new RunCommand.Answer(0));
    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(6);
  }

  @Test
  @Requires({Requirement.UFFD, Requirement.KVM})
  void faultOfARealVcpuIsHeldAndTheGuestEndedWhileItSleeps() throws Exception {
    LiveRun run = live.start(guest("vcpu", ""));
    Conditions.await("a vCPU is held", () -> run.status().phase() == RunPhase.WAITING);
    RunStatus.Peer peer = peer(run);
    perform(run, new RunCommand.Stop());
    Conditions.await("it is over", () -> run.status().phase() == RunPhase.ENDED);
    Conditions.await("no process is left", () -> !Files.exists(Path.of("/proc/" + peer.pid())));
  }

  @Test
  void moreThanMayRunAreRefusedAndClosingEndsThemAll() throws Exception {
    LiveRun one = live.start(guest("touch", ""));
    live.start(guest("touch", ""));
    assertThatThrownBy(() -> live.start(guest("touch", "")))
        .isInstanceOf(TooManyLiveException.class);
    Conditions.await("the first is held", () -> one.status().phase() == RunPhase.WAITING);
    RunStatus.Peer peer = peer(one);
    live.close();
    assertThat(one.status().phase()).isEqualTo(RunPhase.ENDED);
    Conditions.await("no process is left", () -> !Files.exists(Path.of("/proc/" + peer.pid())));
  }

  @Test
  void peersAttachTwoAtOnceAndEachIsARunOfItsOwn() throws Exception {
    Attachment attachment = live.attach(attach("", "", 2));
    Attachment.View waiting = attachment.view();
    assertThat(waiting.state()).isEqualTo("waiting");
    assertThat(waiting.request()).contains("\"backend_path\":\"" + waiting.socket() + "\"");
    List<Process> peers = List.of(peer(waiting.socket()), peer(waiting.socket()));
    try {
      Conditions.await(
          "both are held",
          () ->
              attachment.view().runs().stream()
                      .filter(id -> status(id).phase() == RunPhase.WAITING)
                      .count()
                  == 2);
      assertThat(attachment.view().runs())
          .extracting(id -> (long) peer(status(id)).pid())
          .containsExactlyInAnyOrder(peers.getFirst().pid(), peers.getLast().pid());
      peers.getFirst().destroyForcibly();
      for (String id : attachment.view().runs()) {
        if (peer(status(id)).pid() == peers.getLast().pid()) {
          runs.command(id, new RunCommand.Go(Double.POSITIVE_INFINITY));
        }
      }
      assertThat(peers.getLast().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(peers.getLast().exitValue()).isZero();
      Conditions.await("it is over", () -> attachment.view().state().equals("over"));
      assertThat(Path.of(waiting.socket())).doesNotExist();
      assertThat(Path.of(waiting.socket()).getParent()).doesNotExist();
    } finally {
      peers.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void pathsOfTheBrowserAreChecked() throws IOException {
    assertThatThrownBy(() -> attach("uffd.sock", "", 1)).hasMessageContaining("absolute");
    assertThatThrownBy(() -> attach("/nowhere/uffd.sock", "", 1))
        .hasMessageContaining("does not exist");
    Path open =
        Files.createDirectory(
            directory.resolve("open"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> attach(open.resolve("s").toString(), "", 1))
        .hasMessageContaining("written by others");
    assertThatThrownBy(() -> attach("", "memory", 1)).hasMessageContaining("absolute");
    assertThatThrownBy(() -> attach("", "/dev/zero", 1)).hasMessageContaining("no regular file");
    assertThatThrownBy(() -> attach("", "", 9)).hasMessageContaining("1 to 8");
  }

  private static GuestOrder guest(String workload, @Nullable String hold) {
    return new GuestOrder(
        "memfd",
        "minor",
        1,
        workload,
        1,
        "sequential",
        false,
        3,
        false,
        "on-demand",
        hold,
        Duration.ofSeconds(60));
  }

  private static AttachOrder attach(String socket, String memory, int peers) {
    return new AttachOrder(
        socket,
        memory,
        "on-demand",
        "",
        Duration.ofSeconds(60),
        peers,
        Duration.ofSeconds(60),
        Duration.ofSeconds(10));
  }

  private static Process peer(String socket) throws IOException {
    return GuestLauncher.process(List.of("--socket", socket, "--mib", "1", "--limit", "60"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private RunStatus status(String id) {
    return runs.view(id).status();
  }

  private static RunStatus.Peer peer(Run run) {
    return peer(run.status());
  }

  private static RunStatus.Peer peer(RunStatus status) {
    return Objects.requireNonNull(((RunStatus.Live) status.engine()).peer());
  }

  private static RunAnswer perform(Run run, RunCommand command) {
    return CommandAnswers.await(run.submit(command));
  }

  private static RunCommand.Pages pages(int first) {
    return new RunCommand.Pages(0, first, 1);
  }

  private static RunCommand ioctl(String name, int page) {
    return RunCommand.Ioctl.named("uffd", name, List.of(), pages(page), -1, null);
  }

  private List<String> woke(Run run, RunAnswer answer) {
    return answer.woke().stream()
        .map(
            actor ->
                library
                    .ask(run.id(), session -> session.meta().actors().get(actor).name())
                    .orElseThrow())
        .toList();
  }

  private static List<Integer> pages(Run run) {
    return run.status().waiting().stream().map(RunStatus.Waiting::page).toList();
  }

  private static boolean isHeld(Run run, int page) {
    return pages(run).contains(page);
  }
}
