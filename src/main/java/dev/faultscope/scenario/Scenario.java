package dev.faultscope.scenario;

import dev.faultscope.model.Backing;
import dev.faultscope.policy.PolicySpec;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A scenario as written.
 *
 * @param title one line
 * @param about what to watch
 * @param group under which heading a gallery shows it, empty for none
 * @param beside the gallery's name of a scenario to be seen beside it, empty for none
 * @param engines names of the engines it can run on
 * @param kvm its virtual machine, null for none
 * @param vcpus its virtual processors, those with a workload included
 * @param threads every other thread, those with a workload included
 * @param steps the script, empty where there is none
 * @param workloads what some vCPUs and threads do by themselves
 * @param handlers who answers faults
 * @param exits who answers exits of vCPUs, null for nobody
 * @param costs what takes how long
 */
public record Scenario(
    String title,
    String about,
    String group,
    String beside,
    Set<String> engines,
    long seed,
    KernelSpec kernel,
    List<MemorySpec> memory,
    List<UffdSpec> uffds,
    @Nullable KvmSpec kvm,
    List<VcpuSpec> vcpus,
    List<String> threads,
    List<Step> steps,
    List<WorkloadSpec> workloads,
    List<HandlerSpec> handlers,
    @Nullable ExitHandlerSpec exits,
    Costs costs) {
  public static final String SIMULATION = "simulation";
  public static final String LIVE = "live";

  public Scenario {
    engines = Set.copyOf(engines);
    memory = List.copyOf(memory);
    uffds = List.copyOf(uffds);
    vcpus = List.copyOf(vcpus);
    threads = List.copyOf(threads);
    steps = List.copyOf(steps);
    workloads = List.copyOf(workloads);
    handlers = List.copyOf(handlers);
  }

  /** {@return whether a real kernel needs its KVM for it: guest_memfd is made by KVM, too} */
  public boolean usesKvm() {
    return kvm != null || memory.stream().anyMatch(each -> each.backing() == Backing.GUEST_MEMFD);
  }

  /**
   * {@return whether nobody but KVM answers the guest's faults: no userfaultfd, no KVM Userfault
   * and no guest_memfd has a part in them}
   */
  public boolean isKvmAlone() {
    return kvm != null
        && uffds.isEmpty()
        && exits == null
        && kvm.slots().stream().noneMatch(slot -> slot.userfault() || slot.guestMemfd() != null)
        && memory.stream().noneMatch(each -> each.backing() == Backing.GUEST_MEMFD)
        && steps.stream().noneMatch(step -> bringsOthersIn(step.action()));
  }

  private static boolean bringsOthersIn(Action action) {
    return switch (action) {
      case Action.OpenUffd _, KvmAction.UserfaultBits _, KvmAction.Attributes _ -> true;
      case KvmAction.ChangeSlot change ->
          change.userfault() != null || change.bitmapReadable() != null;
      default -> false;
    };
  }

  /** {@return the same scenario with another policy for every handler} */
  public Scenario with(PolicySpec policy) {
    return new Scenario(
        title,
        about,
        group,
        beside,
        engines,
        seed,
        kernel,
        memory,
        uffds,
        kvm,
        vcpus,
        threads,
        steps,
        workloads,
        handlers.stream().map(handler -> handler.with(policy)).toList(),
        exits,
        costs);
  }

  /** {@return a seed for each workload, drawn from a run's own: on every engine the same} */
  public long[] workloadSeeds(SplittableRandom seeds) {
    return workloads.stream().mapToLong(each -> seeds.nextLong()).toArray();
  }

  /** {@return the memory that a workload accesses} */
  public MemorySpec memoryOf(WorkloadSpec workload) {
    return memory(workload.memory());
  }

  /** {@return the mapping of a name that the scenario uses} */
  public MemorySpec memory(String name) {
    return memory.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** {@return whether something happens by itself, so that time has a meaning} */
  public boolean isTimed() {
    return !workloads.isEmpty() || !handlers.isEmpty() || exits != null;
  }

  /**
   * {@return whether it can be run with one policy and with another, and somebody waits for them}
   */
  public boolean isComparable() {
    return engines.contains(SIMULATION) && !handlers.isEmpty() && !workloads.isEmpty();
  }
}
