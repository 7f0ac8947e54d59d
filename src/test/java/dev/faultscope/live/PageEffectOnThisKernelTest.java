package dev.faultscope.live;

import static dev.faultscope.model.PageState.MAPPED;
import static dev.faultscope.model.PageState.UFFD_WP;
import static dev.faultscope.model.PageState.WAITING;
import static dev.faultscope.model.Region.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.engine.LiveEngine;
import dev.faultscope.live.engine.ScriptProcess;
import dev.faultscope.model.Backing;
import dev.faultscope.model.CallResult;
import dev.faultscope.model.Errno;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageEffect;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.ConformanceSuite;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.scenario.Span;
import dev.faultscope.scenario.Step;
import dev.faultscope.simulation.SimulatedEngine;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.ForwardingRecorder;
import dev.faultscope.timeline.UnkeptRecording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The scripts of the suite on this machine's kernel and on the simulated one, call by call: from
 * what the real call answered, {@link PageEffect} must say the page states that the simulated
 * kernel recorded, and what the real page table has.
 */
@Requires(Requirement.UFFD)
class PageEffectOnThisKernelTest {
  private final Set<String> recorded = new TreeSet<>();
  private final Set<String> looked = new TreeSet<>();

  @Test
  void realAnswersLeadToTheRecordedAndTheRealPageStates() throws IOException {
    try (ScriptProcess machine = new ScriptProcess()) {
      for (Path script : ConformanceSuite.scriptsFor(Scenario.LIVE)) {
        Scenario scenario = ConformanceSuite.read(script);
        if (scenario.engines().contains(Scenario.SIMULATION) && isFit(scenario)) {
          Snapshots snapshots = new Snapshots();
          try (LiveEngine live = new LiveEngine(machine);
              SimulatedEngine model = new SimulatedEngine(snapshots)) {
            new Play(ConformanceSuite.name(script), scenario, live, model, snapshots).run();
          }
        }
      }
    }

    assertThat(recorded)
        .contains("COPY OK", "COPY EEXIST", "COPY EAGAIN", "ZEROPAGE OK", "CONTINUE OK")
        .contains("CONTINUE EEXIST", "CONTINUE EFAULT", "POISON OK", "WRITEPROTECT OK", "WAKE OK");
    assertThat(looked).contains("COPY OK", "CONTINUE OK", "WRITEPROTECT OK");
  }

  /** After a fork one address is two pages; a guest_memfd needs KVM, and takes no ioctl. */
  private static boolean isFit(Scenario scenario) {
    return scenario.steps().stream().noneMatch(step -> step.action() instanceof Action.Fork)
        && scenario.memory().stream().noneMatch(each -> each.backing() == Backing.GUEST_MEMFD);
  }

  /** An ioctl of a script. */
  private record Asked(UffdIoctl ioctl, long mode, Span range) {
    static Optional<Asked> of(Action action) {
      return Optional.ofNullable(
          switch (action) {
            case Action.Fill fill -> new Asked(fill.ioctl(), fill.mode(), fill.range());
            case Action.Move move -> new Asked(UffdIoctl.MOVE, move.mode(), move.to());
            case Action.WriteProtect protect ->
                new Asked(UffdIoctl.WRITEPROTECT, protect.mode(), protect.range());
            case Action.Wake wake -> new Asked(UffdIoctl.WAKE, 0, wake.range());
            default -> null;
          });
    }
  }

  private final class Play {
    private final String name;
    private final Scenario scenario;
    private final LiveEngine live;
    private final SimulatedEngine model;
    private final Snapshots snapshots;

    Play(
        String name,
        Scenario scenario,
        LiveEngine live,
        SimulatedEngine model,
        Snapshots snapshots) {
      this.name = name;
      this.scenario = scenario;
      this.live = live;
      this.model = model;
      this.snapshots = snapshots;
    }

    void run() {
      model.prepare(scenario);
      live.prepare(scenario);
      ScenarioRunner.register(scenario, model);
      ScenarioRunner.register(scenario, live);
      for (Step step : scenario.steps()) {
        snapshots.forget();
        Action action = step.action();
        model.perform(action);
        Observation seen = live.perform(action);
        Asked.of(action).ifPresent(asked -> compare(asked, seen));
      }
    }

    private void compare(Asked asked, Observation seen) {
      Region region = snapshots.regionOf(model.address(asked.range().start()));
      int pages = (int) (asked.range().bytes() / PAGE_BYTES);
      int first = region == null ? 0 : region.pageOfHva(model.address(asked.range().start()));
      // Arguments that name no pages of one region have nothing to say of its pages.
      if (region == null
          || !snapshots.hasCall()
          || pages == 0
          || asked.range().bytes() % PAGE_BYTES != 0
          || first + pages > region.pages()) {
        return;
      }
      String errno = String.valueOf(seen.get(Fact.ERRNO));
      long field = seen.get(Fact.FIELD) instanceof Long bytes ? bytes : 0;
      CallResult result = CallResult.of(asked.ioctl(), pages, Errno.valueOf(errno).number(), field);
      int[] told = new int[pages];
      int[] unknown = new int[pages];
      boolean waited = false;
      for (int page = 0; page < pages; page++) {
        told[page] = snapshots.before(region, first + page);
        waited |= (told[page] & WAITING) != 0;
      }
      PageEffect.Memory memory =
          new PageEffect.Memory(region.backing(), 0, PageEffect.Kernel.PLAIN);
      int[] before = told.clone();
      for (PageEffect.Run run :
          PageEffect.over(asked.ioctl(), asked.mode(), result, memory, i -> before[i])) {
        for (int page = run.first(); page < run.end(); page++) {
          told[page] = run.effect().on(told[page]);
          unknown[page] |= run.effect().unknown();
        }
      }
      for (int page = 0; page < pages; page++) {
        int known = ~unknown[page];
        assertThat(PageState.describe(told[page] & known))
            .as("%s: %s answered %s %d, page %d", name, asked, errno, field, page)
            .isEqualTo(PageState.describe(snapshots.after(region, first + page) & known));
        if (!waited) {
          look(asked, errno, page, told[page], known);
        }
      }
      recorded.add(asked.ioctl() + " " + errno);
    }

    /** Where nobody waited, nothing has happened since the call. */
    private void look(Asked asked, String errno, int page, int told, int known) {
      Place at = asked.range().start().plus(page * PAGE_BYTES);
      Observation real = live.perform(new Action.Pagemap(new Span(at, PAGE_BYTES)));
      if (real.get(Fact.MAPPED) instanceof Long mapped && (known & MAPPED) != 0) {
        assertThat(mapped)
            .as("%s: %s answered %s, page %d is mapped", name, asked, errno, page)
            .isEqualTo((told & MAPPED) == 0 ? 0 : 1);
        looked.add(asked.ioctl() + " " + errno);
      }
      if (real.get(Fact.WP) instanceof Long protect && (known & UFFD_WP) != 0) {
        assertThat(protect)
            .as("%s: %s answered %s, page %d is protected", name, asked, errno, page)
            .isEqualTo((told & UFFD_WP) == 0 ? 0 : 1);
      }
    }
  }

  /** Keeps every page's state as it was when a call was entered, and when it returned. */
  private static final class Snapshots extends ForwardingRecorder {
    private final List<Region> regions = new ArrayList<>();
    private int @Nullable [][] before;
    private int @Nullable [][] after;

    Snapshots() {
      super(new UnkeptRecording());
    }

    void forget() {
      before = null;
      after = null;
    }

    boolean hasCall() {
      return before != null && after != null;
    }

    @Nullable Region regionOf(long address) {
      return regions.stream().filter(each -> each.containsHva(address)).findFirst().orElse(null);
    }

    int before(Region region, int page) {
      return before == null ? 0 : before[region.index()][page];
    }

    int after(Region region, int page) {
      return after == null ? 0 : after[region.index()][page];
    }

    private int[][] now() {
      int[][] states = new int[regions.size()][];
      for (Region region : regions) {
        states[region.index()] = new int[region.pages()];
        for (int page = 0; page < region.pages(); page++) {
          states[region.index()][page] = stateOf(region.index(), page);
        }
      }
      return states;
    }

    @Override
    public long append(EventDraft draft) {
      if (draft.kind() == EventKind.CALL) {
        before = now();
      }
      long sequence = super.append(draft);
      if (draft.kind() == EventKind.IOCTL) {
        after = now();
      }
      return sequence;
    }

    @Override
    public void region(Region region) {
      regions.add(region);
      super.region(region);
    }
  }
}
