package dev.faultscope.session.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.run.RunAnswer;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.run.RunRefusedException;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.session.run.SimulationEngine;
import dev.faultscope.session.scenario.RunRequest;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.session.scenario.Scenarios;
import dev.faultscope.testsupport.Conditions;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same scenario and the same hand on both kernels: what they answer and record is the same. */
@Requires(Requirement.UFFD)
@Timeout(120)
class OneHandTest {
  @TempDir Path directory;
  private Library library;
  private Runs runs;

  @BeforeEach
  void open() {
    library = KilledServer.library(directory);
    library.start();
    runs =
        new Runs(
            library,
            new Scenarios(List.of()),
            List.of(new SimulationEngine(), new LiveScenarios()),
            4,
            Duration.ofMinutes(10),
            System::nanoTime);
  }

  @AfterEach
  void close() {
    runs.close();
    library.close();
  }

  /** A person at one run, who writes down what came of everything. */
  private final class Hand {
    final String id;
    final List<String> log = new ArrayList<>();

    Hand(String engine) throws IOException {
      String text = Files.readString(Path.of("sample-scenarios/two-regions.yaml"));
      id = runs.start(new RunRequest(null, text, engine, null, null, Map.of(), true));
    }

    RunStatus status() {
      return runs.view(id).status();
    }

    Timeline timeline() {
      return library.open(id).orElseThrow().timeline();
    }

    RunAnswer ask(RunCommand command) {
      return runs.command(id, command);
    }

    /** Waits until just these sleep, and reads their messages where no handler has. */
    void awaitSleepers(String... pages) {
      if (status().phase() == RunPhase.PAUSED) {
        // A simulation stands still after every hand; real threads go on by themselves.
        ask(new RunCommand.Go(Double.POSITIVE_INFINITY));
      }
      Conditions.await(
          String.join(", ", pages) + " sleep",
          () -> sleepers().stream().sorted().toList().equals(List.of(pages)));
      for (RunStatus.Waiting each : status().waiting()) {
        if (!each.read()) {
          ask(new RunCommand.Read("u"));
        }
      }
    }

    /** Regions and pages that somebody waits for, the oldest first. */
    List<String> sleepers() {
      return status().waiting().stream()
          .map(each -> timeline().regions().get(each.region()).name() + " " + each.page())
          .toList();
    }

    RunStatus.Waiting waitingOn(String region) {
      return status().waiting().stream()
          .filter(each -> timeline().regions().get(each.region()).name().equals(region))
          .findFirst()
          .orElseThrow();
    }

    /** An ioctl, and what came of it in the terms of both kernels. */
    void ioctl(String name, String region, int page, String... mode) {
      RunAnswer answer =
          ask(
              RunCommand.Ioctl.named(
                  "u",
                  name,
                  List.of(mode),
                  new RunCommand.Pages(region(region), page, 1),
                  -1,
                  null));
      List<String> woke =
          answer.woke().stream().map(actor -> timeline().actors().get(actor).name()).toList();
      log.add(
          "%s %s %d %s: %s, field %s, woke %s"
              .formatted(
                  name, region, page, List.of(mode), answer.errnoName(), answer.field(), woke));
    }

    private int region(String name) {
      return timeline().regions().stream().map(Region::name).toList().indexOf(name);
    }

    /**
     * What is recorded of a page: kinds, details, errors and states, but for what only one kernel
     * tells. A real one says that a fault is held; not which pages are cached or dirty, who touched
     * a page where nobody traces, and nothing of an access once it found its page.
     */
    List<String> story(String region, int page) {
      List<String> story = new ArrayList<>();
      int index = region(region);
      boolean isFile = timeline().regions().get(index).backing() == Backing.MEMFD;
      int hidden = PageState.HELD | PageState.DIRTY | (isFile ? PageState.CACHED : 0);
      Set<Long> queued = new HashSet<>();
      for (long seq = 1; seq <= timeline().lastSequence(); seq++) {
        if (timeline().event(seq).kind() == EventKind.ENQUEUE) {
          long decided = timeline().event(seq).cause();
          queued.add(decided);
          queued.add(timeline().event(decided).cause());
        }
      }
      for (long seq = 1; seq <= timeline().lastSequence(); seq++) {
        Event event = timeline().event(seq);
        if (event.region() != index || event.firstPage() > page || event.pageCount() == 0) {
          continue;
        }
        boolean about = page < event.firstPage() + event.pageCount() && event.pageCount() == 1;
        int before = event.before() & ~hidden;
        int after = event.after() & ~hidden;
        boolean isShown =
            switch (event.kind()) {
              case RETRY -> false;
              case INSTALL -> before != after;
              case TOUCH, DECIDE -> queued.contains(seq);
              default -> true;
            };
        if (about && isShown) {
          story.add(
              "%s %d errno %d, %x to %x"
                  .formatted(
                      event.kind(),
                      event.kind() == EventKind.TOUCH ? 0 : event.detail(),
                      event.errno(),
                      before,
                      after));
        }
      }
      return story;
    }
  }

  @Test
  void whatAHandDoesIsAnsweredAndRecordedTheSame() throws IOException {
    Hand simulated = new Hand(Scenario.SIMULATION);
    simulated.ask(new RunCommand.Manual(true));
    Hand live = new Hand(Scenario.LIVE);
    for (Hand hand : List.of(simulated, live)) {
      hand.awaitSleepers("left 0", "right 0");
      // The second region, wrongly and rightly; DONTWAKE leaves its sleeper to WAKE.
      hand.ioctl("COPY", "right", 0);
      hand.ioctl("CONTINUE", "right", 0, "DONTWAKE");
      hand.ioctl("WAKE", "right", 0);
      hand.awaitSleepers("left 0", "right 1");
      hand.ioctl("COPY", "left", 0);
      hand.awaitSleepers("left 1", "right 1");
      // Protected while its thread sleeps elsewhere; the second round writes to it.
      hand.ioctl("WRITEPROTECT", "left", 0, "WP");
      for (int page = 1; page < 4; page++) {
        hand.ioctl("COPY", "left", page);
        hand.awaitSleepers("left " + (page + 1) % 4, "right 1");
      }
      hand.ioctl("WRITEPROTECT", "left", 0, "DONTWAKE");
      hand.ioctl("WAKE", "left", 0);
      for (int page = 1; page < 4; page++) {
        hand.ioctl("CONTINUE", "right", page);
        if (page < 3) {
          hand.awaitSleepers("right " + (page + 1));
        }
      }
      hand.awaitSleepers();
    }

    assertThat(live.log).isEqualTo(simulated.log);
    assertThat(live.log.getFirst()).contains("EEXIST", "woke []");
    for (String region : List.of("left", "right")) {
      for (int page = 0; page < 4; page++) {
        assertThat(live.story(region, page))
            .as("%s %d", region, page)
            .isNotEmpty()
            .isEqualTo(simulated.story(region, page));
      }
    }
    List<Region> regions = live.timeline().regions();
    assertThat(regions.get(live.region("left")).initial()).isEqualTo(PageState.ABSENT);
    assertThat(regions.get(live.region("right")).initial())
        .as("its file was filled before")
        .isEqualTo(PageState.CACHED);
    Conditions.await("its threads are done", () -> live.status().phase() == RunPhase.DONE);
    live.ask(new RunCommand.Stop());
    Conditions.await("it is over", () -> live.status().phase() == RunPhase.ENDED);
    assertThat(live.status().message()).contains("what was recorded stays");
    assertThat(Objects.requireNonNull(live.status().report()).faults())
        .isEqualTo(Objects.requireNonNull(simulated.status().report()).faults());
  }

  @Test
  void aStepOfARealThreadIsTheFaultThatWaitsLongest() throws IOException {
    Hand live = new Hand(Scenario.LIVE);
    live.awaitSleepers("left 0", "right 0");
    String first = live.sleepers().getFirst();
    live.ask(new RunCommand.Advance(RunCommand.Unit.EVENT, 1));
    assertThat(live.sleepers()).doesNotContain(first).hasSize(2);
    live.ask(new RunCommand.Manual(false));
    Conditions.await("it is done", () -> live.status().phase() == RunPhase.DONE);
  }

  @Test
  void whatARealProcessCanBeToldFromOutsideIsDone() throws IOException {
    Hand live = new Hand(Scenario.LIVE);
    live.awaitSleepers("left 0", "right 0");
    RunCommand.Pages page = new RunCommand.Pages(live.region("left"), 2, 1);
    assertThat(live.ask(inject(RunCommand.Injection.TOUCH, -1, page)).why()).contains("hand-1");
    Conditions.await("a third sleeper", () -> live.status().waitingCount() == 3);
    int reader = live.waitingOn("right").actor();
    live.ask(inject(RunCommand.Injection.SIGNAL, reader, null));
    Conditions.await("it faults anew", () -> live.status().waiting().getLast().actor() == reader);
    RunCommand.Pages hole = new RunCommand.Pages(live.region("right"), 0, 1);
    live.ask(inject(RunCommand.Injection.PUNCH_HOLE, -1, hole));
    live.ioctl("CONTINUE", "right", 0);
    assertThat(live.log.getLast()).contains("EFAULT", "woke []");
    // Nobody tells the handler, and it is recorded all the same.
    assertThat(live.story("right", 0)).anyMatch(each -> each.contains("HOLE"));
    live.ask(inject(RunCommand.Injection.DONTNEED, -1, page));
    assertThat(live.story("left", 2)).anyMatch(each -> each.contains("HOLE"));
    assertThatThrownBy(() -> live.ask(inject(RunCommand.Injection.REMOVE, -1, page)))
        .isInstanceOf(RunRefusedException.class)
        .hasMessageContaining("madvise answers EINVAL");
    assertThatThrownBy(() -> live.ask(inject(RunCommand.Injection.KILL_HANDLER, -1, null)))
        .isInstanceOf(RunRefusedException.class)
        .hasMessageContaining("threads of this server");
    live.ask(new RunCommand.Go(Double.POSITIVE_INFINITY));
    Conditions.await("it is done", () -> live.status().phase() == RunPhase.DONE);
  }

  @Test
  void scenariosThatDoNotFitSayWhy() {
    LiveScenarios here = new LiveScenarios(Optional::empty, () -> Optional.of("no KVM"));
    assertThat(whyNot(here, "minor-and-missing")).contains("makes the handler's calls itself");
    assertThat(whyNot(here, "snapshot-restore")).contains("runs on simulation only");
    assertThat(whyNot(here, "demand-paging-minor")).isEqualTo("no KVM");
    assertThat(whyNot(here, "two-regions")).isEmpty();
    LiveScenarios elsewhere = new LiveScenarios(() -> Optional.of("not x86"), Optional::empty);
    assertThat(whyNot(elsewhere, "two-regions")).isEqualTo("not x86");
  }

  private static String whyNot(LiveScenarios engine, String name) {
    try {
      return engine
          .whyNot(
              ScenarioParser.parse(Files.readString(Path.of("sample-scenarios", name + ".yaml"))))
          .orElse("");
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  private static RunCommand inject(
      RunCommand.Injection what, int actor, RunCommand.@Nullable Pages pages) {
    return new RunCommand.Inject(what, actor, pages, true);
  }
}
