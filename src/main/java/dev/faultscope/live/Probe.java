package dev.faultscope.live;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.Fd;
import dev.faultscope.linux.GuestMemfd;
import dev.faultscope.linux.GuestMemory;
import dev.faultscope.linux.Kvm;
import dev.faultscope.linux.Linux;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.Memfd;
import dev.faultscope.linux.PageMap;
import dev.faultscope.linux.PidFd;
import dev.faultscope.linux.Processes;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.linux.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds out what this machine can do, by trying; versions are never asked. */
public final class Probe {
  private static final long PAGE = 4096;
  private static final long HUGE_PAGE = 2 << 20;
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

  private final List<Check> checks = new ArrayList<>();
  private final boolean container = isContainer();

  private Probe() {}

  /** Whether something can be done. */
  public enum Verdict {
    YES,
    PARTLY,
    NO
  }

  /**
   * One line of the matrix.
   *
   * @param id a name that stays
   * @param title what was tried
   * @param verdict whether it worked
   * @param detail what the machine said
   * @param remedy what to do where it did not, else empty
   */
  public record Check(String id, String title, Verdict verdict, String detail, String remedy) {}

  private interface Attempt {
    /** {@return what to say of the success} */
    String run() throws IOException;
  }

  /** {@return everything that was tried, in order} */
  public static List<Check> run() {
    Probe probe = new Probe();
    Optional<String> unavailable = Linux.whyUnavailable();
    if (unavailable.isPresent()) {
      probe.add("native", "system calls", Verdict.NO, unavailable.get(), "");
    } else {
      probe.userfaultfd();
      probe.registration();
      probe.kvm();
      probe.looking();
    }
    return List.copyOf(probe.checks);
  }

  private void userfaultfd() {
    attempt(
        "uffd.device",
        "/dev/userfaultfd",
        remedy(
            "Linux 6.1 or later has it; chmod or chgrp it for your user",
            "start the container with --device /dev/userfaultfd"),
        () -> {
          Userfaultfd.openDevice().close();
          return "opens; sees kernel-mode faults too";
        });
    attempt(
        "uffd.syscall",
        "userfaultfd(2)",
        remedy(
            "CAP_SYS_PTRACE, or sysctl vm.unprivileged_userfaultfd=1",
            "the container's seccomp profile forbids it; the device needs no change of it"),
        () -> {
          Userfaultfd.openSyscall(false).close();
          return "opens; sees kernel-mode faults too";
        });
    attempt(
        "uffd.user-mode",
        "userfaultfd(2), user mode only",
        "",
        () -> {
          Userfaultfd.openSyscall(true).close();
          return "opens; useless for vCPUs, whose faults are the kernel's";
        });
    attempt(
        "uffd.features",
        "features",
        "",
        () -> {
          try (Userfaultfd uffd = Userfaultfd.open()) {
            return featureNames(uffd.api(0).features());
          }
        });
    attempt(
        "uffd.fork",
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

  private void registration() {
    modes("register.anon", "REGISTER on anonymous memory", PAGE, () -> GuestMemory.anonymous(PAGE));
    try (Memfd file = Memfd.create("probe", PAGE)) {
      modes("register.memfd", "REGISTER on a memfd, shared", PAGE, file::mapAsGuest);
      modes(
          "register.memfd-private",
          "REGISTER on a memfd, private",
          PAGE,
          () -> GuestMemory.copyOnWrite(file.fd(), PAGE));
    } catch (LinuxException failure) {
      add("register.memfd", "REGISTER on a memfd", Verdict.NO, failure.getMessage(), "");
    }
    modes(
        "register.hugetlb", "REGISTER on huge pages", HUGE_PAGE, () -> GuestMemory.huge(HUGE_PAGE));
  }

  private interface Maker {
    GuestMemory make() throws LinuxException;
  }

  private void modes(String id, String title, long bytes, Maker maker) {
    List<String> works = new ArrayList<>();
    List<String> fails = new ArrayList<>();
    String remedy = "";
    try (GuestMemory memory = maker.make()) {
      for (String mode : List.of("MISSING", "WP", "MINOR")) {
        long bit =
            switch (mode) {
              case "MISSING" -> Userfaultfd.MISSING;
              case "WP" -> Userfaultfd.WP;
              default -> Userfaultfd.MINOR;
            };
        try (Userfaultfd uffd = Userfaultfd.open()) {
          uffd.api(0);
          long ioctls = uffd.register(memory.address(), bytes, bit);
          works.add(mode + " (ioctls 0x" + Long.toHexString(ioctls) + ")");
        } catch (LinuxException failure) {
          fails.add(mode + " (" + Errno.name(failure.errno()) + ")");
        }
      }
    } catch (LinuxException failure) {
      fails.add(failure.getMessage());
      remedy = id.equals("register.hugetlb") ? "reserve huge pages: sysctl vm.nr_hugepages=16" : "";
    }
    Verdict verdict = fails.isEmpty() ? Verdict.YES : works.isEmpty() ? Verdict.NO : Verdict.PARTLY;
    if (remedy.isEmpty() && id.startsWith("register.guest_memfd") && works.isEmpty()) {
      remedy =
          "needs a kernel with userfaultfd support in guest_memfd; no mainline release is known to"
              + " have it";
    }
    String detail =
        String.join(", ", works)
            + (works.isEmpty() || fails.isEmpty() ? "" : "; not ")
            + (works.isEmpty() && !fails.isEmpty() ? "no: " : "")
            + String.join(", ", fails);
    add(id, title, verdict, detail, remedy);
  }

  private void kvm() {
    attempt(
        "kvm",
        "/dev/kvm",
        remedy(
            "load kvm_intel or kvm_amd; be in the group kvm",
            "start the container with --device /dev/kvm"),
        () -> {
          try (Kvm kvm = Kvm.open();
              Vm vm = kvm.createVm()) {
            vm.createVcpu(0).close();
            return "a virtual machine and a vCPU can be made";
          }
        });
    try (Kvm kvm = Kvm.open();
        Vm vm = kvm.createVm()) {
      int known = kvm.guestMemfdFlags();
      attempt(
          "guest_memfd",
          "guest_memfd",
          "Linux 6.8 or later has it, if KVM is built with it",
          () -> {
            vm.createGuestMemfd(PAGE, 0).close();
            return "can be made; flags this KVM takes: 0x" + Integer.toHexString(known);
          });
      for (int flags = 0; flags <= 3; flags++) {
        guestMemfd(vm, flags);
      }
    } catch (LinuxException noKvm) {
      add("guest_memfd", "guest_memfd", Verdict.NO, noKvm.getMessage(), "needs /dev/kvm");
    }
  }

  private void guestMemfd(Vm vm, int flags) {
    String id = "register.guest_memfd-" + flags;
    String title =
        "REGISTER on guest_memfd, flags "
            + switch (flags) {
              case 0 -> "0";
              case 1 -> "1 (MMAP)";
              case 2 -> "2 (INIT_SHARED)";
              default -> "3 (MMAP, INIT_SHARED)";
            };
    try (GuestMemfd file = vm.createGuestMemfd(PAGE, flags)) {
      modes(id, title, PAGE, file::mapAsGuest);
    } catch (LinuxException failure) {
      add(id, title, Verdict.NO, failure.getMessage(), "");
    }
  }

  private void looking() {
    int self = Processes.currentProcessId();
    attempt(
        "pagemap-scan",
        "PAGEMAP_SCAN",
        "Linux 6.7 or later has it",
        () -> {
          try (Mapping memory = Mapping.anonymous(2 * PAGE);
              PageMap map = new PageMap(self)) {
            memory.putLong(PAGE, 1);
            int found = map.scan(memory.address(), memory.address() + 2 * PAGE).size();
            if (found != 1) {
              throw new IOException("found " + found + " ranges where one page is present");
            }
            return "shows which pages are present";
          }
        });
    attempt(
        "pidfd-getfd",
        "pidfd_getfd(2)",
        remedy("needs the right to trace", "start the container with --cap-add SYS_PTRACE"),
        () -> {
          try (Fd file = Fd.openRead(Path.of("/dev/null"));
              PidFd process = new PidFd(self)) {
            process.duplicate(file.number()).close();
            return "works on this process; on others as far as they may be traced";
          }
        });
    attempt(
        "process-vm-readv",
        "process_vm_readv(2)",
        remedy("needs the right to trace", "start the container with --cap-add SYS_PTRACE"),
        () -> {
          try (Mapping memory = Mapping.anonymous(PAGE)) {
            Processes.read(self, memory.address(), 8);
            return "works on this process; on others as far as they may be traced";
          }
        });
    tracing();
  }

  private void tracing() {
    Path root = tracefs();
    attempt(
        "tracefs",
        "tracefs, an instance of our own",
        remedy(
            "mount -t tracefs tracefs /sys/kernel/tracing, as root",
            "needs a privileged container with tracefs mounted"),
        () -> {
          if (!Files.isDirectory(root.resolve("events"))) {
            throw new IOException("no events below " + root);
          }
          Path instance =
              root.resolve("instances/faultscope-probe-" + Processes.currentProcessId());
          Files.createDirectory(instance);
          Files.delete(instance);
          List<String> events = new ArrayList<>();
          for (String event : List.of("exceptions/page_fault_kernel", "kvm", "kvmmmu")) {
            if (Files.isDirectory(root.resolve("events").resolve(event))) {
              events.add(event);
            }
          }
          return "events: " + String.join(", ", events);
        });
  }

  private String remedy(String onAnyMachine, String inContainer) {
    return container ? onAnyMachine + "; in a container: " + inContainer : onAnyMachine;
  }

  private static Path tracefs() {
    for (String path : List.of("/sys/kernel/tracing", "/sys/kernel/debug/tracing")) {
      if (Files.isDirectory(Path.of(path, "events"))) {
        return Path.of(path);
      }
    }
    return Path.of("/sys/kernel/tracing");
  }

  private static boolean isContainer() {
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

  private void attempt(String id, String title, String remedy, Attempt attempt) {
    try {
      add(id, title, Verdict.YES, attempt.run(), "");
    } catch (IOException failure) {
      String said =
          failure instanceof LinuxException
              ? "" + failure.getMessage()
              : failure.getClass().getSimpleName() + ": " + failure.getMessage();
      add(id, title, Verdict.NO, said, remedy);
    }
  }

  private void add(String id, String title, Verdict verdict, String detail, String remedy) {
    checks.add(new Check(id, title, verdict, detail, remedy));
  }
}
