package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.policy.Policies;
import dev.faultscope.policy.PolicySpec;
import dev.faultscope.policy.PolicyType;
import dev.faultscope.scenario.PolicyParser;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.simulation.kernel.KernelInvariants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each policy does for the same two threads, and that none breaks the kernel. */
class PoliciesTest {
  private static final String THINKING =
      """
      title: two threads that think
      memory: {ram: {backing: memfd, pages: 256, fill: pattern}}
      uffds: {u: {register: {ram: [MINOR]}}}
      threads: {t: {count: 2, workload: {kind: random, split: true, think: 20us}}}
      handlers: {h: {uffd: u}}
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.faultscope.policy.Policies#all")
  void keepsTheInvariantsOnEveryKindOfMemory(PolicyType kind) throws IOException {
    for (String memory :
        List.of(
            "backing: memfd, fill: pattern|[MINOR]|full-minor",
            "backing: memfd|[MISSING, MINOR]|full-minor",
            "backing: anon|[MISSING]|full-minor",
            "backing: guest_memfd|[MINOR]|full-minor",
            "backing: guest_memfd|[MISSING]|hybrid")) {
      String[] parts = memory.split("\\|");
      String text =
          THINKING
              .replace("backing: memfd, pages: 256, fill: pattern", parts[0] + ", pages: 64")
              .replace("[MINOR]", parts[1])
              .replace("title:", "kernel: {guest-memfd: " + parts[2] + "}\ntitle:");
      run(
          text,
          PolicySpec.of(kind),
          simulation -> {
            while (simulation.advance()) {
              KernelInvariants.check(
                  simulation.kernel(), kind.name() + " step " + simulation.steps());
            }
            if (!kind.name().equals("random-faulty")) {
              assertThat(simulation.waiting()).as("%s on %s", kind.name(), memory).isEmpty();
            }
          });
    }
  }

  @Test
  void onDemandIsAskedForEveryPage() throws IOException {
    assertThat(report("on-demand").messages()).isEqualTo(256);
  }

  @ParameterizedTest
  @CsvSource({"prefault", "adaptive-push", "oracle"})
  void pushingSavesFaults(String policy) throws IOException {
    RunReport onDemand = report("on-demand");
    RunReport pushed = report(policy);
    assertThat(pushed.messages()).isLessThan(onDemand.messages() / 4);
    assertThat(total(pushed.stallNs())).isLessThan(total(onDemand.stallNs()) / 4);
  }

  @Test
  void allResidentNeverFaultsAndTakesNoHandlersTime() throws IOException {
    RunReport report = report("all-resident");
    assertThat(report.messages()).isZero();
    assertThat(total(report.stallNs())).isZero();
    assertThat(report.ioctls()).containsEntry("CONTINUE", Map.of("ok", 1L));
  }

  @Test
  void oracleIsAtLeastAsGoodAsEveryOtherButTheResident() throws IOException {
    long oracle = total(report("oracle").stallNs());
    for (PolicyType kind : Policies.all()) {
      if (!List.of("all-resident", "oracle").contains(kind.name())) {
        // Who comes to the queue's lock a moment earlier or later makes a per mille.
        long other = total(report(kind.name()).stallNs());
        assertThat(oracle).as(kind.name()).isLessThanOrEqualTo(other + other / 100);
      }
    }
  }

  @Test
  void faultAllMakesOneCallAMapping() throws IOException {
    RunReport report = report("fault-all");
    assertThat(report.messages()).isLessThanOrEqualTo(2);
    assertThat(report.ioctls()).containsEntry("CONTINUE", Map.of("ok", 1L));
  }

  @ParameterizedTest
  @CsvSource({"first-touch", "address"})
  void workingSetIsInstalledQuietlyAndWokenOnce(String order) throws IOException {
    String skewed = THINKING.replace("kind: random", "kind: zipf, exponent: 150, accesses: 300");
    RunReport onDemand = report(skewed, PolicyParser.parse("on-demand"));
    RunReport report =
        report(skewed, PolicyParser.parse("{name: working-set, order: " + order + "}"));
    // The sets of two runs have much in common, not everything.
    assertThat(report.messages()).isBetween(1L, onDemand.messages() - 1);
    assertThat(report.ioctls()).containsKey("WAKE");
  }

  @Test
  void workingSetThatGoesFirstLetsNobodyPassIt() throws IOException {
    String same = THINKING.replace("kind: random", "kind: sequential");
    RunReport report =
        report(same, PolicyParser.parse("{name: working-set, order: address, first: set}"));
    // One fault a thread: both wait for the one wake.
    assertThat(report.messages()).isBetween(1L, 2L);
    assertThat(report.ioctls().get("CONTINUE")).containsEntry("ok", 1L);
  }

  @Test
  void randomFaultyLeavesSomebodyAsleep() throws IOException {
    run(
        THINKING,
        PolicyParser.parse("{name: random-faulty, percent: 50}"),
        simulation -> {
          Runs.toTheEnd(simulation);
          assertThat(simulation.waiting()).isNotEmpty();
        });
  }

  @Test
  void oneUserfaultfdForEachPartIsFasterThanOneForAll() throws IOException {
    String many =
        THINKING
            .replace("pages: 256", "pages: 2048")
            .replace("count: 2", "count: 16")
            .replace("kind: random", "kind: sequential")
            .replace("think: 20us", "think: 0us");
    String split = many.replace("{register", "{split: 16, register");
    RunReport one = report(many, PolicyParser.parse("on-demand"));
    RunReport each = report(split, PolicyParser.parse("on-demand"));
    assertThat(each.messages()).isEqualTo(one.messages());
    assertThat(each.elapsedNs()).isLessThan(one.elapsedNs() / 4);
  }

  @Test
  void exitsForUserfaultBitsAreAnsweredByTheirVcpu() throws IOException {
    run(
        """
        title: KVM Userfault
        kernel: {guest-memfd: full-minor}
        memory: {ram: {backing: guest_memfd, pages: 128}}
        kvm: {slots: {s: {memory: ram, guest-memfd: true, userfault: true}}}
        vcpus: {v: {count: 2, workload: {kind: sequential, split: true}}}
        handlers: {x: {exits: kvm-userfault, source: nvme, after: 3}}
        """,
        null,
        simulation -> {
          while (simulation.advance()) {
            KernelInvariants.check(simulation.kernel(), "step " + simulation.steps());
          }
          RunReport report = simulation.report();
          assertThat(report.faults()).isEqualTo(new RunReport.Faults(0, 0, 0, 32, 0));
          assertThat(report.stallNs())
              .allSatisfy((vcpu, ns) -> assertThat(ns).isGreaterThan(16 * 40_000L));
          assertThat(report.messages()).isZero();
        });
  }

  @Test
  void stepsComeAtTheirTimeBesideAWorkload() throws IOException {
    run(
        THINKING
            + """
            steps:
              - {wait: 1ms}
              - {kill: h}
              - {thread: t-0, expect: blocked}
              - {wait: 1ms}
              - {poll: u, expect: in}
            """,
        null,
        simulation -> {
          Runs.toTheEnd(simulation);
          RunReport report = simulation.report();
          assertThat(report.expectations().failed()).isEmpty();
          assertThat(report.expectations().passed()).isGreaterThanOrEqualTo(4);
          assertThat(report.messages()).isBetween(20L, 120L);
          assertThat(report.elapsedNs()).isBetween(2_000_000L, 2_100_000L);
        });
  }

  private static long total(Map<String, Long> stalls) {
    return stalls.values().stream().mapToLong(Long::longValue).sum();
  }

  private RunReport report(String policy) throws IOException {
    return report(THINKING, PolicyParser.parse(policy));
  }

  private RunReport report(String text, PolicySpec policy) throws IOException {
    List<RunReport> reports = new ArrayList<>();
    run(
        text,
        policy,
        simulation -> {
          Runs.toTheEnd(simulation);
          reports.add(simulation.report());
        });
    return reports.getFirst();
  }

  private void run(
      String text,
      @org.jspecify.annotations.Nullable PolicySpec policy,
      java.util.function.Consumer<Simulation> body)
      throws IOException {
    SimulationOptions options =
        policy == null ? SimulationOptions.NONE : SimulationOptions.NONE.withPolicy(policy);
    new Runs(folder).run(text, options, body);
  }
}
