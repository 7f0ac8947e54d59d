package dev.faultscope.live.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a container has to be started with. */
public final class Container {
  private Container() {}

  /**
   * An option of {@code docker run} and {@code podman run}.
   *
   * @param option as it is typed
   * @param why what it brings
   */
  public record Option(String option, String why) {}

  /** {@return the options there are, the most needed first} */
  public static List<Option> options() {
    return List.of(
        new Option("--device /dev/userfaultfd", "userfaultfds that see kernel-mode faults"),
        new Option("--device /dev/kvm", "vCPUs and guest_memfd"),
        new Option(
            "--cap-add SYS_PTRACE --pid host",
            "watch and rescue processes outside the container; EVENT_FORK"),
        new Option(
            "--cap-add SYS_ADMIN -v /sys/kernel/tracing:/sys/kernel/tracing",
            "say which kernel function touched a page (tracefs)"));
  }

  /** {@return whether this process seems to be in one} */
  public static boolean isHere() {
    if (Files.exists(Path.of("/.dockerenv")) || Files.exists(Path.of("/run/.containerenv"))) {
      return true;
    }
    try {
      String groups = Files.readString(Path.of("/proc/1/cgroup")).toLowerCase(Locale.ROOT);
      return groups.contains("docker") || groups.contains("kubepods");
    } catch (IOException unknown) {
      return false;
    }
  }
}
