package dev.faultscope.live.probe;

import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.probe.Check.Group;

/** Whether userfaultfds can be opened, and what they offer. */
final class UserfaultfdTrials {
  private static final String[] FEATURES = {
    "PAGEFAULT_FLAG_WP",
    "EVENT_FORK",
    "EVENT_REMAP",
    "EVENT_REMOVE",
    "MISSING_HUGETLBFS",
    "MISSING_SHMEM",
    "EVENT_UNMAP",
    "SIGBUS",
    "THREAD_ID",
    "MINOR_HUGETLBFS",
    "MINOR_SHMEM",
    "EXACT_ADDRESS",
    "WP_HUGETLBFS_SHMEM",
    "WP_UNPOPULATED",
    "POISON",
    "WP_ASYNC",
    "MOVE"
  };

  private UserfaultfdTrials() {}

  static void run(Findings findings) {
    findings.attempt(
        "uffd.device",
        Group.USERFAULTFD,
        "/dev/userfaultfd",
        findings.remedy(
            "Linux 6.1 or later has it; chmod or chgrp it for your user",
            "start the container with --device /dev/userfaultfd"),
        () -> {
          Userfaultfd.openDevice().close();
          return "opens; sees kernel-mode faults too";
        });
    findings.attempt(
        "uffd.syscall",
        Group.USERFAULTFD,
        "userfaultfd(2)",
        findings.remedy(
            "CAP_SYS_PTRACE, or sysctl vm.unprivileged_userfaultfd=1",
            "the container's seccomp profile forbids it; the device needs no change of it"),
        () -> {
          Userfaultfd.openSyscall(false).close();
          return "opens; sees kernel-mode faults too";
        });
    findings.attempt(
        "uffd.user-mode",
        Group.USERFAULTFD,
        "userfaultfd(2), user mode only",
        "the container's seccomp profile forbids the call; the device needs no change of it",
        () -> {
          Userfaultfd.openSyscall(true).close();
          return "opens; useless for vCPUs, whose faults are the kernel's";
        });
    findings.attempt(
        "uffd.features",
        Group.USERFAULTFD,
        "features",
        "one of the ways above has to work",
        () -> {
          try (Userfaultfd uffd = Userfaultfd.open()) {
            return featureNames(uffd.api(0).features());
          }
        });
    findings.attempt(
        "uffd.fork",
        Group.USERFAULTFD,
        "EVENT_FORK",
        "needs CAP_SYS_PTRACE",
        () -> {
          try (Userfaultfd uffd = Userfaultfd.open()) {
            uffd.api(1 << 1);
            return "granted";
          }
        });
  }

  private static String featureNames(long bits) {
    StringBuilder names = new StringBuilder("0x" + Long.toHexString(bits) + ":");
    for (int bit = 0; bit < Long.SIZE; bit++) {
      if ((bits >>> bit & 1) != 0) {
        names.append(' ').append(bit < FEATURES.length ? FEATURES[bit] : "bit-" + bit);
      }
    }
    return names.toString();
  }
}
