package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.scenario.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gallery says of whole runs, and of one beside another, is so in numbers. */
class GalleryClaimsTest {
  private static final long PAGES = 8192;

  @TempDir Path folder;

  @Test
  void theRecordedWorkingSetTakesMostFaultsAndMostOfTheWaiting() throws IOException {
    RunReport onDemand = report("snapshot-restore");
    RunReport recorded = report("snapshot-restore-working-set");

    // REAP (ASPLOS '21): 97 % of the faults go.
    assertThat(recorded.faults().missing() * 20).isLessThan(onDemand.faults().missing());
    assertThat(stall(recorded) * 10).isLessThan(stall(onDemand));
    assertThat(recorded.elapsedNs()).isLessThan(onDemand.elapsedNs());
    // "Watch three vCPUs sleep most of the time": each more than half of it.
    assertThat(onDemand.stallNs().values())
        .hasSize(3)
        .allMatch(stall -> stall * 2 > onDemand.elapsedNs());
    assertThat(copies(recorded)).as("long runs: few calls").isLessThan(copies(onDemand) / 10);
  }

  @Test
  void theTwoRestoresDifferInNothingButThePolicy() throws IOException {
    assertThat(machine("snapshot-restore-working-set"))
        .isEqualTo(machine("snapshot-restore"))
        .contains("vcpus:");
  }

  @Test
  void postcopyPushesMostPagesAndCopiesNoneTwice() throws IOException {
    RunReport run = report("postcopy");

    assertThat(run.faults().missing()).isBetween(20L, 4096L / 10);
    assertThat(run.ioctls().get("COPY")).containsOnlyKeys("ok");
    RunReport onDemand =
        report(text("postcopy").replace("{name: adaptive-push, least: 4, most: 64}", "on-demand"));
    assertThat(stall(run) * 2).isLessThan(stall(onDemand));
  }

  @Test
  void oneUserfaultfdSaturatesWhereOneEachAndKvmUserfaultGrow() throws IOException {
    RunReport one = report("many-vcpus-one-uffd");
    RunReport each = report("one-uffd-per-vcpu");
    RunReport bitmap = report("many-vcpus-kvm-userfault");
    assertThat(one.faults().minor()).isEqualTo(PAGES);
    assertThat(each.faults().minor()).isEqualTo(PAGES);
    assertThat(bitmap.faults().kvmUserfault()).isEqualTo(PAGES);
    assertThat(bitmap.messages()).isZero();
    assertThat(one.stallNs()).hasSize(8);
    assertThat(each.stallNs()).hasSize(8);
    assertThat(bitmap.stallNs()).hasSize(8);

    assertThat(each.elapsedNs() * 2).isLessThan(one.elapsedNs());
    assertThat(bitmap.elapsedNs() * 2).isLessThan(each.elapsedNs());
    // Twice the vCPUs: no faster with one userfaultfd, faster with the bitmap.
    assertThat(report(withCount("many-vcpus-one-uffd", 16)).elapsedNs() * 20)
        .isGreaterThan(one.elapsedNs() * 19);
    assertThat(report(withCount("many-vcpus-kvm-userfault", 4)).elapsedNs() * 10)
        .isGreaterThan(bitmap.elapsedNs() * 15);
    // Four readers get no further than two.
    assertThat(report(text("many-vcpus-one-uffd").replace("readers: 4", "readers: 2")).elapsedNs())
        .isLessThanOrEqualTo(one.elapsedNs());
  }

  @Test
  void demandPagingCostsHardlyMoreMissingThanMinor() throws IOException {
    RunReport minor = report("demand-paging-minor");
    RunReport missing = report("demand-paging-missing");

    assertThat(minor.faults().minor()).isEqualTo(4096).isEqualTo(missing.faults().missing());
    assertThat(minor.ioctls().get("CONTINUE")).containsEntry("ok", 4096L).hasSize(1);
    assertThat(missing.ioctls().get("COPY")).containsEntry("ok", 4096L).hasSize(1);
    assertThat(missing.elapsedNs()).isBetween(minor.elapsedNs(), minor.elapsedNs() * 5 / 4);
    assertThat(minor.stallNs().values()).allMatch(stall -> stall * 2 > minor.elapsedNs());
  }

  private static long stall(RunReport report) {
    return report.stallNs().values().stream().mapToLong(Long::longValue).sum();
  }

  private static long copies(RunReport report) {
    return report.ioctls().getOrDefault("COPY", Map.of()).getOrDefault("ok", 0L);
  }

  private static String withCount(String name, int vcpus) throws IOException {
    return text(name).replace("count: 8", "count: " + vcpus);
  }

  /** {@return a scenario without what it says of itself and without its handlers} */
  private static String machine(String name) throws IOException {
    return text(name).replaceAll("(?s)^.*?\nmemory:", "memory:").replaceAll("\nhandlers:.*", "");
  }

  private static String text(String name) throws IOException {
    return Files.readString(Path.of("sample-scenarios", name + ".yaml"));
  }

  private RunReport report(String nameOrText) throws IOException {
    String text = nameOrText.contains("\n") ? nameOrText : text(nameOrText);
    RunReport[] report = new RunReport[1];
    new Runs(folder)
        .run(
            text,
            SimulationOptions.NONE,
            simulation -> {
              Runs.toTheEnd(simulation);
              report[0] = simulation.report();
            });
    return report[0];
  }
}
