package dev.faultscope.session.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.live.guest.GuestLauncher;
import dev.faultscope.session.BadQueryException;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
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
  private LiveRuns live;

  @BeforeEach
  void open() {
    library =
        new Library(
            new LibrarySettings(
                directory.resolve("data"), 8, Duration.ofMinutes(10), 1, 1, 1 << 20, List.of()),
            new TraceImports(TraceFormats.STANDARD));
    library.start();
    live = new LiveRuns(library, new LiveLimits(2, 8));
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
    LiveStatus held = run.status();
    assertThat(held.phase()).isEqualTo("held");
    assertThat(held.manual()).isTrue();
    assertThat(held.frozenSinceNs()).isNotNull().isLessThanOrEqualTo(held.nowNs());
    assertThat(held.waiting().getFirst().kind()).isEqualTo("minor");
    assertThat(library.ask(run.id(), session -> session.isLoading())).hasValue(true);

    List<Residency> residency = LiveRuns.residency(run);
    assertThat(residency)
        .containsExactly(new Residency(0, 10, residency.getFirst().mapped(), 0, 0));

    LiveAnswer wrong = run.perform(new LiveCommand.Ioctl("COPY", 0, 10, 1, 0));
    assertThat(wrong.errnoName()).isEqualTo("EEXIST");
    assertThat(wrong.woke()).isEmpty();
    assertThat(wrong.why()).contains("wakes nobody");
    LiveAnswer right = run.perform(new LiveCommand.Ioctl("CONTINUE", 0, 10, 1, 0));
    assertThat(right.field()).isEqualTo(4096);
    assertThat(right.woke()).containsExactly("toucher 0");
    Conditions.await("page 11 is held", () -> isHeld(run, 11));
    long fault = run.status().waiting().getFirst().fault();
    assertThat(run.perform(new LiveCommand.Answer(fault)).woke()).containsExactly("toucher 0");
    Conditions.await("page 12 is held", () -> isHeld(run, 12));

    run.perform(new LiveCommand.Hold("page = 20 and kind = enqueue"));
    run.perform(new LiveCommand.Answer(null));
    Conditions.await("page 20 is held", () -> isHeld(run, 20));
    assertThatThrownBy(() -> run.perform(new LiveCommand.Hold("page >")))
        .isInstanceOf(BadQueryException.class);

    run.perform(new LiveCommand.RunFreely());
    Conditions.await("it is done", () -> run.status().phase().equals("done"));
    Conditions.await(
        "its words are there", () -> ("" + run.status().message()).contains("demand paging rate"));
    assertThat(library.ask(run.id(), session -> session.isLoading())).hasValue(false);
    assertThat(library.open(run.id())).isPresent();
    assertThat(library.list()).anyMatch(recording -> recording.id().equals(run.id()));
    assertThatThrownBy(() -> run.perform(new LiveCommand.Answer(null)))
        .hasMessageContaining("is over");
  }

  @Test
  @Requires({Requirement.UFFD, Requirement.KVM})
  void faultOfARealVcpuIsHeldAndTheGuestEndedWhileItSleeps() throws Exception {
    LiveRun run = live.start(guest("vcpu", ""));
    Conditions.await("a vCPU is held", () -> run.status().phase().equals("held"));
    LiveStatus.PeerFacts peer = run.status().peer();
    assertThat(peer).isNotNull();
    run.perform(new LiveCommand.Stop());
    Conditions.await("it is over", () -> run.status().phase().equals("done"));
    Conditions.await("no process is left", () -> !Files.exists(Path.of("/proc/" + peer.pid())));
  }

  @Test
  void moreThanMayRunAreRefusedAndClosingEndsThemAll() throws Exception {
    LiveRun one = live.start(guest("touch", ""));
    live.start(guest("touch", ""));
    assertThatThrownBy(() -> live.start(guest("touch", "")))
        .isInstanceOf(TooManyLiveException.class);
    Conditions.await("the first is held", () -> one.status().phase().equals("held"));
    LiveStatus.PeerFacts peer = one.status().peer();
    live.close();
    assertThat(one.status().phase()).isEqualTo("done");
    assertThat(peer).isNotNull();
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
              attachment.view().runs().stream().filter(run -> run.phase().equals("held")).count()
                  == 2);
      assertThat(attachment.view().runs())
          .extracting(run -> run.peer() == null ? -1 : (long) run.peer().pid())
          .containsExactlyInAnyOrder(peers.getFirst().pid(), peers.getLast().pid());
      peers.getFirst().destroyForcibly();
      for (LiveStatus status : attachment.view().runs()) {
        LiveRun run = live.run(status.id()).orElseThrow();
        if (status.peer() != null && status.peer().pid() == peers.getLast().pid()) {
          run.perform(new LiveCommand.RunFreely());
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

  private static boolean isHeld(LiveRun run, int page) {
    return run.status().waiting().stream().anyMatch(fault -> fault.page() == page);
  }
}
