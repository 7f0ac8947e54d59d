package dev.faultscope.scenario.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.engine.LiveEngine;
import dev.faultscope.live.engine.ScriptProcess;
import dev.faultscope.live.handler.NoRecorder;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Engine;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Report;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.simulation.SimulatedEngine;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.testsupport.Seeds;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** {@code -Dfaultscope.conform=5000} plays more scripts on the real kernel. */
class RandomConformanceTest {
  private static final int SCRIPTS = Integer.getInteger("faultscope.conform", 200);

  @Test
  @Requires(Requirement.UFFD)
  void theSimulatedKernelSeesWhatThisOneSees() {
    try (ScriptProcess machine = new ScriptProcess()) {
      Conformance conformance =
          new Conformance(RandomConformanceTest::simulated, () -> new LiveEngine(machine));
      Seeds.forEach(
          SCRIPTS,
          seed ->
              assertThat(conformance.tryOne(seed))
                  .as("difference")
                  .map(difference -> difference + "\n" + difference.yaml())
                  .isEmpty());
    }
  }

  private static Engine simulated() {
    return new SimulatedEngine(new NoRecorder());
  }

  /** Two engines of one kind always agree, on scripts in which things really happen. */
  @Test
  void anEngineAgreesWithItself() {
    Conformance conformance =
        new Conformance(RandomConformanceTest::simulated, RandomConformanceTest::simulated);

    Seeds.forEach(20, seed -> assertThat(conformance.tryOne(seed)).isEmpty());
  }

  @Test
  void oneSeedIsOneScript() {
    assertThat(RandomScripts.of(7))
        .isEqualTo(RandomScripts.of(7))
        .isNotEqualTo(RandomScripts.of(8));
    assertThat(RandomScripts.of(7).parse().steps()).hasSizeGreaterThan(60);
  }

  @Test
  void aMistakeIsFoundAndShownByTheSmallestScriptThatRuns() {
    Conformance conformance = new Conformance(Mistaken::new, RandomConformanceTest::simulated);

    Divergence difference = null;
    for (long seed = 0; difference == null && seed < 50; seed++) {
      difference = conformance.tryOne(seed).orElse(null);
    }

    assertThat(difference).isNotNull();
    Scenario smallest = ScenarioParser.parse(difference.yaml());
    assertThat(smallest.steps()).as(difference.yaml()).hasSizeLessThanOrEqualTo(2);
    assertThat(smallest.memory()).hasSizeLessThanOrEqualTo(2);
    assertThat(play(smallest, simulated()).failed()).isEmpty();
    assertThat(play(smallest, new Mistaken()).failed()).isNotEmpty();
  }

  private static Report play(Scenario scenario, Engine engine) {
    try (engine) {
      return ScenarioRunner.run(scenario, engine);
    }
  }

  @Test
  void anEngineThatBreaksDiffers() {
    Conformance conformance =
        new Conformance(
            () ->
                new Mistaken() {
                  @Override
                  public Observation perform(Action action) {
                    if (action instanceof Action.Poll) {
                      throw new IllegalStateException("it broke");
                    }
                    return super.perform(action);
                  }
                },
            RandomConformanceTest::simulated);

    Optional<Divergence> difference =
        LongStream.range(0, 50)
            .mapToObj(conformance::tryOne)
            .flatMap(Optional::stream)
            .filter(each -> each.model().contains("it broke"))
            .findFirst();

    assertThat(difference).isPresent();
  }

  /** Says of every ZEROPAGE that works that the page was there already. */
  private static class Mistaken implements Engine {
    private final Engine right = simulated();

    @Override
    public String name() {
      return right.name();
    }

    @Override
    public void prepare(Scenario scenario) {
      right.prepare(scenario);
    }

    @Override
    public Observation perform(Action action) {
      Observation seen = right.perform(action);
      boolean zeroed =
          action instanceof Action.Fill fill
              && fill.ioctl() == UffdIoctl.ZEROPAGE
              && "OK".equals(seen.get(Fact.ERRNO));
      return zeroed
          ? Observation.of().word(Fact.ERRNO, "EEXIST").number(Fact.FIELD, -17).build()
          : seen;
    }

    @Override
    public long address(Place place) {
      return right.address(place);
    }

    @Override
    public long tid(String thread) {
      return right.tid(thread);
    }

    @Override
    public void close() {
      right.close();
    }
  }
}
