package dev.faultscope.trace.ftrace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.trace.Imports;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the events of a small trace say, step by step. */
class StoryTest {
  private static final String RAM = "0x7f0000000000+64K=ram@0x0";

  @TempDir private Path directory;

  @Test
  void oneFaultIsAChainFromTouchToRetry() throws Exception {
    String trace =
        """
        # tracer: nop
             t-1-101   [000] d....  10.000000: page_fault_user: address=0x7f0000003010 ip=0x5 error_code=0x6
             h-102     [001] .....  10.000010: sys_ioctl(fd: 7, cmd: 0xc020aa07, arg: 0x7fff)
             h-102     [001] .....  10.000015: sys_ioctl -> 0x0
             t-1-101   [000] d....  10.000020: page_fault_user: address=0x7fffff003010 ip=0x5 error_code=0x6
        """;
    try (Imports.Result result = Imports.text(trace, directory, RAM)) {
      List<Event> events = result.events();
      assertThat(events)
          .extracting(Event::kind)
          .containsExactly(
              EventKind.TOUCH,
              EventKind.DECIDE,
              EventKind.ENQUEUE,
              EventKind.READ,
              EventKind.CALL,
              EventKind.IOCTL,
              EventKind.INSTALL,
              EventKind.WAKE,
              EventKind.RETRY,
              EventKind.TOUCH,
              EventKind.DECIDE);
      for (int i = 1; i < 9; i++) {
        assertThat(events.get(i).cause()).as("cause of event %d", i + 1).isEqualTo(i);
      }
      Event decide = events.get(1);
      assertThat(decide.detail()).isEqualTo(DecideReason.CACHED_MINOR.code());
      assertThat(decide.is(EventFlags.INFERRED)).isTrue();
      assertThat(events.getFirst().is(EventFlags.INFERRED)).isFalse();
      assertThat(events.getFirst().detail()).isEqualTo(AccessOrigin.USER.code());
      assertThat(events.get(2).timeNs()).isZero();
      assertThat(events.get(2).after()).isEqualTo(PageState.QUEUED | PageState.MINOR);
      assertThat(events.get(6).after())
          .isEqualTo(PageState.MAPPED | PageState.CACHED | PageState.DIRTY);
      assertThat(events.get(7).timeNs()).isEqualTo(15_000);
      assertThat(events.get(10).detail()).isEqualTo(DecideReason.OUTSIDE.code());
      assertThat(result.timeline().actors().getFirst().name()).isEqualTo("t-1");
      assertThat(result.timeline().actors().get(1).kind()).isEqualTo(ActorKind.HANDLER);
      try (Cursor cursor = result.timeline().cursor()) {
        cursor.seek(4);
        Moment moment = cursor.moment();
        assertThat(moment.count(Moment.Phase.READ)).isEqualTo(1);
        assertThat(moment.actors().getFirst().activity()).isEqualTo(Moment.Activity.BLOCKED);
        cursor.seek(9);
        assertThat(cursor.moment().queue()).isEmpty();
      }
    }
  }

  @Test
  void secondMessageForAPageEndsInExistsAndWake() throws Exception {
    String trace =
        """
             a-1   [000] d....  1.000000: page_fault_user: address=0x7f0000000000 ip=0x5 error_code=0x4
             b-2   [001] d....  1.000001: page_fault_user: address=0x7f0000000040 ip=0x5 error_code=0x4
             h-3   [000] .....  1.000010: sys_ioctl(fd: 7, cmd: 0xc028aa03, arg: 0x7fff)
             h-3   [000] .....  1.000020: sys_ioctl -> 0x0
             h-3   [000] .....  1.000030: sys_ioctl(fd: 7, cmd: 0xc028aa03, arg: 0x7fff)
             h-3   [000] .....  1.000040: sys_ioctl -> 0xffffffffffffffef
             h-3   [000] .....  1.000050: sys_ioctl(fd: 7, cmd: 0x8010aa02, arg: 0x7fff)
             h-3   [000] .....  1.000060: sys_ioctl -> 0x0
        """;
    try (Imports.Result result = Imports.text(trace, directory, RAM)) {
      List<Event> enqueued = of(result, EventKind.ENQUEUE);
      List<Event> read = of(result, EventKind.READ);
      List<Event> woken = of(result, EventKind.WAKE);
      assertThat(enqueued).hasSize(2);
      assertThat(read).extracting(Event::cause).containsExactlyElementsOf(sequences(enqueued));
      assertThat(woken).hasSize(2).allMatch(wake -> wake.timeNs() == 20_000);
      assertThat(of(result, EventKind.IOCTL)).extracting(Event::errno).containsExactly(0, 17, 0);
      assertThat(of(result, EventKind.INSTALL)).hasSize(1);
      assertThat(read.get(1).sequence()).isLessThan(woken.get(1).sequence());
    }
  }

  @Test
  void repeatedLineOfAThreadAndPageIsOneStall() throws Exception {
    String fault =
        "  a-1 [000] d.... 1.%06d: page_fault_user: address=0x7f0000000000 ip=0x5 error_code=0x4\n";
    String trace =
        fault.formatted(1)
            + fault.formatted(5)
            + fault.formatted(9)
            + call(12, "h-3", "0xc028aa03")
            + " a-1 [000] ..... 1.000020: sys_madvise -> 0x0\n";
    try (Imports.Result result = Imports.text(trace, directory, RAM)) {
      assertThat(of(result, EventKind.ENQUEUE)).hasSize(1);
      assertThat(of(result, EventKind.DECIDE))
          .filteredOn(event -> event.detail() == DecideReason.ALREADY_QUEUED.code())
          .hasSize(2);
    }
  }

  @Test
  void faultThatWentOnWithoutAnIoctlWasTheKernels() throws Exception {
    String trace =
        """
          a-1 [000] d.... 1.000001: page_fault_user: address=0x7f0000001000 ip=0x5 error_code=0x4
          a-1 [000] d.... 1.000002: page_fault_user: address=0x7f0000002000 ip=0x5 error_code=0x4
        """
            + call(5, "h-3", "0xc020aa04")
            + "  a-1 [000] d.... 1.000020: page_fault_kernel: address=0x7f0000003000"
            + " ip=copy_folio_from_iter_atomic error_code=0x0\n"
            + "  a-1 [000] d.... 1.000021: page_fault_kernel: address=0x7f0000003000"
            + " ip=fault_in_readable error_code=0x0\n"
            + call(25, "h-3", "0xc028aa03")
            + "  a-1 [000] d.... 1.000030: page_fault_user: address=0x7f0000003000 ip=0x5"
            + " error_code=0x7\n"
            + "  a-1 [000] ..... 1.000040: sys_madvise -> 0x0\n";
    try (Imports.Result result = Imports.text(trace, directory, RAM)) {
      assertThat(of(result, EventKind.DECIDE))
          .extracting(event -> DecideReason.ofCode(event.detail()))
          .containsExactly(
              DecideReason.NOT_ANSWERED,
              DecideReason.ANSWERED,
              DecideReason.NO_RETRY,
              DecideReason.ANSWERED,
              DecideReason.PRESENT);
      assertThat(of(result, EventKind.ENQUEUE)).extracting(Event::firstPage).containsExactly(2, 3);
    }
  }

  @Test
  void stageTwoFaultOfAGuestPageIsReadByVendor() throws Exception {
    String trace =
        """
          CPU 0/KVM-9 [000] d.... 1.000001: kvm_exit: vcpu 0 reason EPT_VIOLATION rip 0x1 info1 0x182
          CPU 0/KVM-9 [000] ..... 1.000002: kvm_page_fault: vcpu 0 rip 0x1 address 0x2040 error_code 0x182
          h-3 [001] ..... 1.000010: sys_enter_ioctl: fd: 0x7, cmd: 0xc020aa07, arg: 0x1
          h-3 [001] ..... 1.000015: sys_exit_ioctl: 0x0
          CPU 0/KVM-9 [000] d.... 1.000020: kvm_entry: vcpu 0, rip 0x1
          CPU 0/KVM-9 [000] d.... 1.000030: kvm_exit: vcpu 0 reason npf rip 0x1 info1 0x4
          CPU 0/KVM-9 [000] ..... 1.000031: kvm_page_fault: vcpu 0 rip 0x1 address 0x3040 error_code 0x100000004
          h-3 [001] ..... 1.000040: sys_enter_ioctl: fd: 0x7, cmd: c020aa07, arg: 0x1
          h-3 [001] ..... 1.000045: sys_exit_ioctl: 0x0
          CPU 0/KVM-9 [000] d.... 1.000050: kvm_entry: vcpu 0, rip 0x1
        """;
    try (Imports.Result result = Imports.text(trace, directory, RAM)) {
      List<Event> touches = of(result, EventKind.TOUCH);
      assertThat(touches).extracting(Event::firstPage).containsExactly(2, 3);
      assertThat(touches)
          .extracting(event -> event.is(EventFlags.WRITE))
          .containsExactly(true, false);
      assertThat(touches).extracting(Event::detail).containsOnly(AccessOrigin.STAGE2.code());
      assertThat(result.timeline().actors().getFirst().vcpu()).isZero();
      Event retry = of(result, EventKind.RETRY).getFirst();
      assertThat(retry.after() & PageState.STAGE2).isNotZero();
    }
  }

  @Test
  void probeEventNamesThePagesExactly() throws Exception {
    String trace =
        """
          a-1 [000] d.... 1.000001: page_fault_user: address=0x7f0000001000 ip=0x5 error_code=0x4
          b-2 [000] d.... 1.000002: page_fault_user: address=0x7f0000005000 ip=0x5 error_code=0x4
          h-3 [001] ..... 1.000010: my_probe: (0x1) fd=7 cmd=0xc020aa07 a0=0x7f0000004000 a1=0x4000 a2=0x0
          h-3 [001] ..... 1.000015: sys_ioctl -> 0x0
        """;
    try (Imports.Result result = Imports.text(trace, directory, RAM)) {
      Event install = of(result, EventKind.INSTALL).getFirst();
      assertThat(install.is(EventFlags.INFERRED)).isFalse();
      assertThat(of(result, EventKind.IOCTL).getFirst().firstPage()).isEqualTo(4);
      assertThat(of(result, EventKind.INSTALL).stream().mapToInt(Event::pageCount).sum())
          .isEqualTo(4);
      assertThat(of(result, EventKind.WAKE)).extracting(Event::firstPage).containsExactly(5);
      assertThat(of(result, EventKind.CALL).getFirst().detail())
          .isEqualTo(UffdIoctl.CONTINUE.code());
    }
  }

  @Test
  void modeSaysWhetherACallProtectsAndWhetherItWakes() throws Exception {
    String trace =
        """
          a-1 [000] d.... 1.000001: page_fault_user: address=0x7f0000001000 ip=0x5 error_code=0x4
          h-3 [001] ..... 1.000010: my_probe: (0x1) fd=7 cmd=0xc020aa04 a0=0x7f0000001000 a1=0x2000 a2=0x1
          h-3 [001] ..... 1.000012: sys_ioctl -> 0x0
          h-3 [001] ..... 1.000013: my_probe: (0x1) fd=7 cmd=0xc018aa06 a0=0x7f0000001000 a1=0x1000 a2=0x1
          h-3 [001] ..... 1.000014: sys_ioctl -> 0x0
          h-3 [001] ..... 1.000020: my_probe: (0x1) fd=7 cmd=0x8010aa02 a0=0x7f0000001000 a1=0x1000 a2=0x0
          h-3 [001] ..... 1.000022: sys_ioctl -> 0x0
        """;
    try (Imports.Result result = Imports.text(trace, directory, RAM)) {
      Event woken = of(result, EventKind.WAKE).getFirst();
      List<Event> calls = of(result, EventKind.IOCTL);
      assertThat(woken.sequence()).isGreaterThan(calls.getLast().sequence());
      try (Cursor cursor = result.timeline().cursor()) {
        cursor.seek(woken.sequence() - 1);
        assertThat(cursor.state(0, 1) & PageState.WAITING).isNotZero();
        assertThat(cursor.state(0, 1) & PageState.UFFD_WP).isNotZero();
        assertThat(cursor.state(0, 2)).isEqualTo(PageState.MAPPED | PageState.ZERO);
        cursor.seek(woken.sequence());
        assertThat(cursor.state(0, 1))
            .isEqualTo(PageState.MAPPED | PageState.ZERO | PageState.UFFD_WP);
      }
    }
  }

  @Test
  void callThatFailedMarksThePageThatStoppedItAlone() throws Exception {
    String trace =
        """
          h-3 [001] ..... 1.000010: my_probe: (0x1) fd=7 cmd=0xc020aa07 a0=0x7f0000004000 a1=0x4000 a2=0x0
          h-3 [001] ..... 1.000015: sys_ioctl -> 0xffffffffffffffef
          h-3 [001] ..... 1.000020: my_probe: (0x1) fd=7 cmd=0xc020aa07 a0=0x7f0000008000 a1=0x4000 a2=0x0
          h-3 [001] ..... 1.000025: sys_ioctl -> 0xfffffffffffffff5
        """;
    try (Imports.Result result = Imports.text(trace, directory, RAM);
        Cursor cursor = result.timeline().cursor()) {
      cursor.seek(result.timeline().lastSequence());
      assertThat(cursor.state(0, 4)).isEqualTo(PageState.ERROR);
      assertThat(cursor.state(0, 5) & ~PageState.UNKNOWN).isZero();
      // EAGAIN: some of it was done, and the trace does not say how much.
      assertThat(cursor.state(0, 8) & ~PageState.UNKNOWN).isZero();
    }
  }

  @Test
  void pageTakenAwayIsAHole() throws Exception {
    String trace =
        "  a-1 [000] d.... 1.000001: page_fault_user: address=0x7f0000001000 ip=0x5"
            + " error_code=0x4\n"
            + call(5, "h-3", "0xc028aa03")
            + "  a-1 [000] ..... 1.000010: sys_madvise(start: 0x7f0000000000, len_in: 0x2000,"
            + " behavior: 4)\n"
            + "  a-1 [000] ..... 1.000011: sys_madvise -> 0x0\n";
    try (Imports.Result result = Imports.text(trace, directory, RAM)) {
      List<Event> holes = of(result, EventKind.HOLE);
      assertThat(holes).extracting(Event::firstPage).containsExactly(0, 1);
      assertThat(holes.get(1).after() & PageState.MAPPED).isZero();
    }
  }

  private static String call(int micros, String handler, String command) {
    return "  %s [001] ..... 1.%06d: sys_ioctl(fd: 7, cmd: %s, arg: 0x1)\n"
            .formatted(handler, micros, command)
        + "  %s [001] ..... 1.%06d: sys_ioctl -> 0x0\n".formatted(handler, micros + 2);
  }

  private static List<Event> of(Imports.Result result, EventKind kind) {
    return result.events().stream().filter(event -> event.kind() == kind).toList();
  }

  private static List<Long> sequences(List<Event> events) {
    return events.stream().map(Event::sequence).toList();
  }
}
