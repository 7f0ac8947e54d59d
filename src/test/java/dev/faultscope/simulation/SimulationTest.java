package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.ConformanceSuite;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.PolicyParser;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Span;
import dev.faultscope.simulation.kernel.KernelInvariants;
import dev.faultscope.simulation.kernel.QueuedFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SimulationTest {
  private static final String FOUR_THREADS =
      """
      title: four threads, one handler
      memory: {ram: {backing: memfd, pages: 64, fill: pattern}}
      uffds: {u: {register: {ram: [MINOR]}}}
      threads: {t: {count: 4, workload: {kind: random, split: true, writes: 50}}}
      handlers: {h: {uffd: u}}
      """;

  private static final long PAGE = 4096;

  @TempDir Path folder;

  static List<Path> scripts() throws IOException {
    return ConformanceSuite.scripts();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void scriptHoldsStepByStep(Path script) throws IOException {
    run(
        Files.readString(script),
        simulation -> {
          while (simulation.advance()) {
            KernelInvariants.check(simulation.kernel(), "step " + simulation.steps());
          }
          RunReport report = simulation.report();
          assertThat(report.expectations().failed()).isEmpty();
          assertThat(report.expectations().passed()).isPositive();
        });
  }

  @Test
  void everyPageFaultsOnceAndIsContinued() throws IOException {
    run(
        FOUR_THREADS,
        simulation -> {
          while (simulation.advance()) {
            KernelInvariants.check(simulation.kernel(), "step " + simulation.steps());
          }
          RunReport report = simulation.report();
          assertThat(report.faults()).isEqualTo(new RunReport.Faults(0, 64, 0, 0, 0));
          assertThat(report.messages()).isEqualTo(64);
          assertThat(report.ioctls()).containsEntry("CONTINUE", Map.of("ok", 64L));
          assertThat(report.stallNs()).hasSize(4);
          assertThat(report.stallNs().values()).allMatch(ns -> ns > 64 / 4 * 5_000L);
          assertThat(report.stallNs().values()).allMatch(ns -> ns < report.elapsedNs());
        });
  }

  @Test
  void exitsOfAVirtualProcessorAreCountedByKind() throws IOException {
    String text =
        """
        title: exits
        memory: {ram: {backing: guest_memfd, pages: 4, fill: 1}}
        kvm: {slots: {s: {memory: ram, guest-memfd: true, userfault: true}}}
        vcpus: [v]
        steps:
          - {guest: {at: ram}, expect: exited-to-vmm}
          - {kvm-run: v, expect: exited-to-vmm}
          - {guest: {at: ram, private: true}, expect: exited-to-vmm}
        """;
    run(
        text,
        simulation -> {
          Runs.toTheEnd(simulation);
          assertThat(simulation.report().faults()).isEqualTo(new RunReport.Faults(0, 0, 0, 2, 1));
        });
  }

  @Test
  void sameSeedGivesTheSameBytes() throws IOException {
    SimulationOptions seven = SimulationOptions.NONE.withSeed(7);
    byte[] one = Files.readAllBytes(run(FOUR_THREADS, seven));
    byte[] again = Files.readAllBytes(run(FOUR_THREADS, seven));
    byte[] other = Files.readAllBytes(run(FOUR_THREADS, SimulationOptions.NONE.withSeed(8)));

    assertThat(again).isEqualTo(one);
    assertThat(other).isNotEqualTo(one);
  }

  @Test
  void batchAnswersWithFewerMessages() throws IOException {
    SimulationOptions batch =
        SimulationOptions.NONE.withPolicy(PolicyParser.parse("{name: batch, before: 8, after: 7}"));
    List<RunReport> reports = new ArrayList<>();
    for (SimulationOptions options : List.of(SimulationOptions.NONE, batch)) {
      new Runs(folder)
          .run(
              FOUR_THREADS,
              options,
              simulation -> {
                Runs.toTheEnd(simulation);
                reports.add(simulation.report());
              });
    }
    assertThat(reports.get(1).messages()).isLessThan(reports.get(0).messages() / 2);
    assertThat(reports.get(1).elapsedNs()).isLessThan(reports.get(0).elapsedNs());
  }

  @Test
  void manualHandlerWaitsForAHandAndCopyOnAMinorFaultWakesNobody() throws IOException {
    run(
        FOUR_THREADS,
        simulation -> {
          simulation.manual(true);
          Runs.toTheEnd(simulation);
          List<QueuedFault> waiting = simulation.waiting();
          assertThat(waiting).hasSize(4).noneMatch(QueuedFault::read);
          QueuedFault fault = waiting.getFirst();
          Span page = new Span(new Place(null, fault.address()), PAGE);

          InterventionAnswer copied =
              simulation.perform(new Intervention.Ioctl("u", UffdIoctl.COPY, page, 0, 1, null));
          assertThat(copied.errno()).isEqualTo(Errno.EEXIST);
          assertThat(copied.woke()).isEmpty();
          assertThat(copied.why()).contains("EEXIST").contains("sleeps on");

          InterventionAnswer continued =
              simulation.perform(new Intervention.Ioctl("u", UffdIoctl.CONTINUE, page, 0, 0, null));
          assertThat(continued.errno()).isEqualTo(Errno.OK);
          assertThat(continued.woke()).containsExactly(fault.actor());
          assertThat(continued.last()).isGreaterThan(continued.first());

          InterventionAnswer stepped =
              simulation.perform(new Intervention.StepPolicy(waiting.get(1).sequence()));
          assertThat(stepped.woke()).contains(waiting.get(1).actor());

          simulation.manual(false);
          Runs.toTheEnd(simulation);
          assertThat(simulation.waiting()).isEmpty();
          assertThat(simulation.report().faults().minor()).isEqualTo(64);
        });
  }

  @Test
  void deadHandlerLeavesEverybodyAsleep() throws IOException {
    run(
        FOUR_THREADS,
        simulation -> {
          for (int i = 0; i < 50; i++) {
            simulation.advance();
          }
          simulation.perform(new Intervention.KillHandler("h"));
          Runs.toTheEnd(simulation);
          assertThat(simulation.waiting()).hasSize(4);
        });
  }

  @Test
  void removedPagesComeBackAsZeros() throws IOException {
    run(
        """
        title: balloon
        memory: {ram: {backing: anon, pages: 8}}
        uffds: {u: {features: [EVENT_REMOVE], register: {ram: [MISSING]}}}
        threads: {t: {workload: {kind: sequential}}}
        handlers: {h: {}}
        """,
        simulation -> {
          Runs.toTheEnd(simulation);
          InterventionAnswer removed =
              simulation.perform(
                  new Intervention.DontNeed(new Span(new Place("ram", 0), 4 * PAGE)));
          assertThat(removed.why()).contains("sleeps until");
          Runs.toTheEnd(simulation);
          simulation.perform(new Intervention.Touch(null, new Place("ram", PAGE), false, 0));
          Runs.toTheEnd(simulation);
          assertThat(simulation.waiting()).isEmpty();
          assertThat(simulation.report().ioctls()).containsEntry("ZEROPAGE", Map.of("ok", 1L));
        });
  }

  @Test
  void virtualProcessorsAccessThroughStage2() throws IOException {
    run(
        """
        title: two vCPUs
        memory: {ram: {backing: memfd, pages: 64, fill: pattern}}
        uffds: {u: {register: {ram: [MINOR]}}}
        kvm: {slots: {s: {memory: ram, gpa: 0}}}
        vcpus: {v: {count: 2, workload: {kind: sequential, split: true}}}
        handlers: {h: {}}
        """,
        simulation -> {
          while (simulation.advance()) {
            KernelInvariants.check(simulation.kernel(), "step " + simulation.steps());
          }
          RunReport report = simulation.report();
          assertThat(report.faults().minor()).isEqualTo(64);
          assertThat(report.stallNs()).containsOnlyKeys("v-0", "v-1");
          assertThat(report.stallNs().values()).allMatch(ns -> ns > 0);
        });
  }

  @Test
  void workloadOutsideItsMemoryIsRefused() {
    String text = FOUR_THREADS.replace("split: true", "from: 32, pages: 64");
    assertThatThrownBy(() -> run(text, SimulationOptions.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pages 32 to 95 are not all in ram");
  }

  private Path run(String text, SimulationOptions options) throws IOException {
    return new Runs(folder).run(text, options, Runs::toTheEnd);
  }

  private void run(String text, java.util.function.Consumer<Simulation> body) throws IOException {
    new Runs(folder).run(text, SimulationOptions.NONE, body);
  }
}
