package dev.faultscope.live.probe;

import static dev.faultscope.model.Region.HUGE_PAGE_BYTES;
import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.GuestMemfd;
import dev.faultscope.linux.GuestMemory;
import dev.faultscope.linux.Kvm;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Memfd;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.linux.Vm;
import dev.faultscope.live.probe.Check.Group;
import dev.faultscope.live.probe.Check.Mode;
import dev.faultscope.live.probe.Check.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Which kinds of memory take which register modes. */
final class RegisterTrials {
  private static final String NO_PAGE_CACHE =
      "only memory with a page cache has minor faults: use a memfd for those";
  private static final String GUEST_MEMFD =
      "needs a kernel with userfaultfd support in guest_memfd; no mainline release is known to have"
          + " it";

  private final Findings findings;

  private RegisterTrials(Findings findings) {
    this.findings = findings;
  }

  static void run(Findings findings) {
    RegisterTrials trials = new RegisterTrials(findings);
    trials.modes(
        "register.anon",
        "anonymous memory",
        PAGE_BYTES,
        NO_PAGE_CACHE,
        () -> GuestMemory.anonymous(PAGE_BYTES));
    trials.memfd();
    trials.modes(
        "register.hugetlb",
        "huge pages",
        HUGE_PAGE_BYTES,
        "reserve huge pages: sysctl vm.nr_hugepages=16",
        () -> GuestMemory.huge(HUGE_PAGE_BYTES));
    trials.guestMemfds();
  }

  private void memfd() {
    String remedy = "MINOR needs Linux 5.14 or later, WP 5.19";
    try (Memfd file = Memfd.create("probe", PAGE_BYTES)) {
      modes("register.memfd", "memfd, shared", PAGE_BYTES, remedy, file::mapAsGuest);
      modes(
          "register.memfd-private",
          "memfd, private",
          PAGE_BYTES,
          remedy,
          () -> GuestMemory.copyOnWrite(file.fd(), PAGE_BYTES));
    } catch (LinuxException failure) {
      none("register.memfd", "memfd", failure.getMessage(), "");
    }
  }

  private void guestMemfds() {
    try (Kvm kvm = Kvm.open();
        Vm vm = kvm.createVm()) {
      for (int flags = 0; flags <= 3; flags++) {
        guestMemfd(vm, flags);
      }
    } catch (LinuxException noKvm) {
      none("register.guest_memfd", "guest_memfd", noKvm.getMessage(), "needs /dev/kvm");
    }
  }

  private void guestMemfd(Vm vm, int flags) {
    String id = "register.guest_memfd-" + flags;
    String title =
        "guest_memfd, flags "
            + switch (flags) {
              case 0 -> "0";
              case 1 -> "1 (MMAP)";
              case 2 -> "2 (INIT_SHARED)";
              default -> "3 (MMAP, INIT_SHARED)";
            };
    try (GuestMemfd file = vm.createGuestMemfd(PAGE_BYTES, flags)) {
      boolean mappable = (flags & 1) != 0;
      modes(
          id,
          title,
          PAGE_BYTES,
          mappable ? GUEST_MEMFD : "without MMAP it has no address to register: take flags 3",
          file::mapAsGuest);
    } catch (LinuxException failure) {
      none(id, title, failure.getMessage(), "a newer kernel may know these flags");
    }
  }

  private interface Maker {
    GuestMemory make() throws LinuxException;
  }

  /** Tries every mode with a userfaultfd of its own, so that none stands in another's way. */
  private void modes(String id, String title, long bytes, String remedy, Maker maker) {
    List<Mode> modes = new ArrayList<>();
    try (GuestMemory memory = maker.make()) {
      modes.add(mode("MISSING", Userfaultfd.MISSING, memory, bytes));
      modes.add(mode("WP", Userfaultfd.WP, memory, bytes));
      modes.add(mode("MINOR", Userfaultfd.MINOR, memory, bytes));
    } catch (LinuxException failure) {
      none(id, title, failure.getMessage(), remedy);
      return;
    }
    long works = modes.stream().filter(Mode::works).count();
    Verdict verdict =
        works == modes.size() ? Verdict.YES : works == 0 ? Verdict.NO : Verdict.PARTLY;
    findings.add(
        new Check(
            id,
            Group.REGISTER,
            title,
            verdict,
            inWords(modes),
            verdict == Verdict.YES ? "" : remedy,
            List.copyOf(modes)));
  }

  private static Mode mode(String name, long bit, GuestMemory memory, long bytes) {
    try (Userfaultfd uffd = Userfaultfd.open()) {
      uffd.api(0);
      long ioctls = uffd.register(memory.address(), bytes, bit);
      return new Mode(name, true, "ioctls 0x" + Long.toHexString(ioctls));
    } catch (LinuxException failure) {
      return new Mode(name, false, Errno.name(failure.errno()));
    }
  }

  private static String inWords(List<Mode> modes) {
    List<String> works = new ArrayList<>();
    List<String> fails = new ArrayList<>();
    for (Mode mode : modes) {
      (mode.works() ? works : fails).add(mode.name() + " (" + mode.detail() + ")");
    }
    return String.join(", ", works)
        + (works.isEmpty() ? "no: " : fails.isEmpty() ? "" : "; not ")
        + String.join(", ", fails);
  }

  private void none(String id, String title, String detail, String remedy) {
    findings.add(id, Group.REGISTER, title, Verdict.NO, detail, remedy);
  }
}
