package dev.faultscope.live.probe;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.PageMap;
import dev.faultscope.linux.PidFd;
import dev.faultscope.linux.Processes;
import dev.faultscope.linux.Tracefs;
import dev.faultscope.live.probe.Check.Group;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What can be seen of other processes and of the kernel's own accesses. */
final class LookingTrials {

  private LookingTrials() {}

  static void run(Findings findings) {
    int self = Processes.currentProcessId();
    findings.attempt(
        "pagemap-scan",
        Group.LOOKING,
        "PAGEMAP_SCAN",
        "Linux 6.7 or later has it",
        () -> {
          try (Mapping memory = Mapping.anonymous(2 * PAGE_BYTES);
              PageMap map = new PageMap(self)) {
            memory.putLong(PAGE_BYTES, 1);
            int found = map.scan(memory.address(), memory.address() + 2 * PAGE_BYTES).size();
            if (found != 1) {
              throw new IOException("found " + found + " ranges where one page is present");
            }
            return "shows which pages are present";
          }
        });
    findings.attempt(
        "pidfd-getfd",
        Group.LOOKING,
        "pidfd_getfd(2)",
        findings.remedy(
            "needs the right to trace", "start the container with --cap-add SYS_PTRACE"),
        () -> {
          try (Fd file = Fd.openRead(Path.of("/dev/null"));
              PidFd process = new PidFd(self)) {
            process.duplicate(file.number()).close();
            return "works on this process; on others as far as they may be traced";
          }
        });
    findings.attempt(
        "process-vm-readv",
        Group.LOOKING,
        "process_vm_readv(2)",
        findings.remedy(
            "needs the right to trace", "start the container with --cap-add SYS_PTRACE"),
        () -> {
          try (Mapping memory = Mapping.anonymous(PAGE_BYTES)) {
            Processes.read(self, memory.address(), 8);
            return "works on this process; on others as far as they may be traced";
          }
        });
    tracing(findings);
  }

  private static void tracing(Findings findings) {
    findings.attempt(
        "tracefs",
        Group.LOOKING,
        "tracefs, an instance of our own",
        findings.remedy(
            "run as root, or have tracefs mounted where you may read and write it",
            "--cap-add SYS_ADMIN -v /sys/kernel/tracing:/sys/kernel/tracing"),
        () -> {
          try (Tracefs tracefs = Tracefs.open()) {
            tracefs.sweep();
            tracefs.instance("probe").close();
            List<String> events = new ArrayList<>();
            for (String event :
                List.of(
                    "exceptions/page_fault_kernel",
                    "exceptions/page_fault_user",
                    "kvm",
                    "kvmmmu")) {
              if (tracefs.has(event)) {
                events.add(event);
              }
            }
            return "%s; events: %s"
                .formatted(
                    tracefs.isOwnMount() ? "by a mount of this process's own" : "mounted",
                    events.isEmpty() ? "none that name page faults" : String.join(", ", events));
          }
        });
  }
}
