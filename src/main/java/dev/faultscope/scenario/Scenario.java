package dev.faultscope.scenario;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A scenario as written.
 *
 * @param title one line
 * @param about what to watch
 * @param group under which heading a gallery shows it, empty for none
 * @param engines names of the engines it can run on
 * @param kvm its virtual machine, null for none
 */
public record Scenario(
    String title,
    String about,
    String group,
    Set<String> engines,
    long seed,
    KernelSpec kernel,
    List<MemorySpec> memory,
    List<UffdSpec> uffds,
    @Nullable KvmSpec kvm,
    List<VcpuSpec> vcpus,
    List<String> threads,
    List<Step> steps) {
  public static final String SIMULATION = "simulation";
  public static final String LIVE = "live";

  public Scenario {
    engines = Set.copyOf(engines);
    memory = List.copyOf(memory);
    uffds = List.copyOf(uffds);
    vcpus = List.copyOf(vcpus);
    threads = List.copyOf(threads);
    steps = List.copyOf(steps);
  }
}
