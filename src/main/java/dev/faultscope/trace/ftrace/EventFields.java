package dev.faultscope.trace.ftrace;

import static dev.faultscope.model.Region.PAGE_SHIFT;
import static dev.faultscope.trace.ftrace.FieldText.ascii;
import static dev.faultscope.trace.ftrace.FieldText.decimal;
import static dev.faultscope.trace.ftrace.FieldText.hex;
import static dev.faultscope.trace.ftrace.FieldText.is;
import static dev.faultscope.trace.ftrace.FieldText.isAny;
import static dev.faultscope.trace.ftrace.FieldText.number;
import static dev.faultscope.trace.ftrace.FieldText.optionalHex;

import dev.faultscope.model.ExitReason;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.UffdIoctl;

/**
 * Reads the part of a line after the event's name.
 *
 * <p>Fields are looked for by name, so that fields added, dropped or reordered between kernels do
 * not matter. A field that is needed and missing makes the line damaged.
 */
final class EventFields {
  private static final byte[] ADDRESS_EQ = ascii("address=");
  private static final byte[] IP_EQ = ascii("ip=");
  private static final byte[] ERROR_CODE_EQ = ascii("error_code=");
  private static final byte[] ADDRESS = ascii("address ");
  private static final byte[] ERROR_CODE = ascii("error_code ");
  private static final byte[] VCPU = ascii("vcpu ");
  private static final byte[] REASON = ascii("reason ");
  private static final byte[] GPA = ascii("gpa ");
  private static final byte[] GFN = ascii("gfn ");
  private static final byte[] PFN = ascii("pfn ");
  private static final byte[] LEVEL = ascii("level ");
  private static final byte[] SPTE = ascii("spte ");
  private static final byte[] OLD_SPTE = ascii("old_spte ");
  private static final byte[] NEW_SPTE = ascii("new_spte ");
  private static final byte[] GVA = ascii("gva ");
  private static final byte[] SPURIOUS = ascii("spurious ");
  private static final byte[] FIXED = ascii("fixed ");
  private static final byte[] RANGE = ascii("range: ");
  private static final byte[] RANGE_END = ascii("-- ");
  private static final byte[] IPA = ascii("ipa ");
  private static final byte[] HSR = ascii("hsr ");
  private static final byte[] ESR = ascii("esr ");
  private static final byte[] HSR_EC = ascii("HSR_EC: ");
  private static final byte[] ESR_EC = ascii("ESR_EC: ");
  private static final byte[] TRAP = ascii("TRAP:");
  private static final byte[] IRQ = ascii("IRQ:");
  private static final byte[] ADDR = ascii("addr ");
  private static final byte[] CMD = ascii("cmd: ");
  private static final byte[] CMD_EQ = ascii("cmd=");
  private static final byte[] A0 = ascii("a0=");
  private static final byte[] A1 = ascii("a1=");
  private static final byte[] A2 = ascii("a2=");
  private static final byte[] START = ascii("start: ");
  private static final byte[] LEN_IN = ascii("len_in: ");
  private static final byte[] BEHAVIOR = ascii("behavior: ");
  private static final byte[] ADDR_C = ascii("addr: ");
  private static final byte[] LEN_C = ascii("len: ");
  private static final byte[] MODE_C = ascii("mode: ");
  private static final byte[] OFFSET_C = ascii("offset: ");
  private static final byte[] PREV_PID = ascii("prev_pid=");
  private static final byte[] PREV_STATE = ascii("prev_state=");
  private static final byte[] NEXT_PID = ascii("next_pid=");
  private static final byte[] ARROW = ascii("==> ");
  private static final byte[] HEX = ascii("0x");
  private static final byte[] NPF = ascii("npf");
  private static final byte[] EXIT_NPF = ascii("EXIT_NPF");
  private static final byte[] EPT_VIOLATION = ascii("EPT_VIOLATION");
  private static final byte[] EPT_MISCONFIG = ascii("EPT_MISCONFIG");
  private static final byte[][] INTERRUPTS = {
    ascii("interrupt"), ascii("EXTERNAL_INTERRUPT"), ascii("EXIT_INTR"), ascii("EXIT_interrupt")
  };
  private static final byte[][] HALTS = {ascii("hlt"), ascii("HLT"), ascii("EXIT_HLT")};

  /**
   * Where the kernel copies with page faults disabled and falls back to a slower way: such a fault
   * never sleeps, so it never becomes a message.
   */
  private static final byte[][] ATOMIC_COPIES = {
    ascii("copy_folio_from_iter_atomic"),
    ascii("copy_page_from_iter_atomic"),
    ascii("iov_iter_copy_from_user_atomic"),
    ascii("copy_from_user_nofault"),
    ascii("copy_to_user_nofault"),
    ascii("copy_from_kernel_nofault"),
    ascii("strncpy_from_user_nofault"),
    ascii("copy_from_user_nmi"),
  };

  private static final long MAX_ERRNO = 4095;

  /** {@code detail} of a fast fault: it lifted the protection; it was lifted already. */
  static final int FAST_FIXED = 1;

  static final int FAST_SPURIOUS = 2;

  /** arm64's exception classes of a guest's instruction and data aborts. */
  private static final int INSTRUCTION_ABORT = 0x20;

  private static final int DATA_ABORT = 0x24;

  /** Vendor of the last stage-2 exit seen: its error codes read differently. */
  private boolean intel;

  private boolean vendorKnown;
  private LineEvent event = new LineEvent();

  /** Sets where the fields go. */
  void into(LineEvent event) {
    this.event = event;
  }

  /** Reads the fields of a known event. */
  void read(KnownEvent known, byte[] text, int from, int to) throws LineDamagedException {
    switch (known) {
      case PAGE_FAULT_USER -> hostFault(text, from, to);
      case PAGE_FAULT_KERNEL -> {
        hostFault(text, from, to);
        event.kernelMode = true;
        int ip = Digits.after(text, from, to, IP_EQ);
        event.mayNotSleep = ip >= 0 && isAny(ATOMIC_COPIES, text, ip, to);
      }
      case KVM_PAGE_FAULT -> guestFault(text, from, to);
      case KVM_EXIT -> exit(text, from, to);
      case KVM_ENTRY -> {
        event.kind = LineKind.VM_ENTRY;
        event.detail = ExitReason.ENTRY.code();
        vcpu(text, from, to);
      }
      case KVM_USERSPACE_EXIT -> userspaceExit(text, from, to);
      case KVM_MMIO -> {
        event.kind = LineKind.MMIO;
        event.detail = ExitReason.MMIO_ACCESS.code();
        event.address = hex(text, from, to, GPA, "gpa");
      }
      case PAGE_TABLE_WALK -> {
        event.kind = LineKind.TABLE_WALK;
        event.address = hex(text, from, to, ADDR, "addr");
      }
      case KVM_GUEST_FAULT -> armFault(text, from, to);
      case SPTE_REQUESTED -> {
        event.kind = LineKind.FRAME_MAPPED;
        event.address = hex(text, from, to, GFN, "gfn") << PAGE_SHIFT;
        int pfn = Digits.after(text, from, to, PFN);
        // KVM_PFN_NOSLOT and errors have bits that no frame has.
        event.present = pfn < 0 || number(text, pfn, to, "pfn") >>> 52 == 0;
      }
      case SPTE_SET -> {
        gfn(LineKind.SPTE_SET, text, from, to);
        int level = level(text, from, to);
        Spte.Kind now = Spte.kindOf(hex(text, from, to, SPTE, "spte"), level);
        event.detail = Spte.change(Spte.Kind.NONE, now, level);
      }
      case SPTE_CHANGED -> {
        gfn(LineKind.SPTE_CHANGED, text, from, to);
        int level = level(text, from, to);
        event.detail =
            Spte.change(
                Spte.kindOf(hex(text, from, to, OLD_SPTE, "old_spte"), level),
                Spte.kindOf(hex(text, from, to, NEW_SPTE, "new_spte"), level),
                level);
      }
      case FAST_PAGE_FAULT -> {
        event.kind = LineKind.FAST_FAULT;
        vcpu(text, from, to);
        event.address = hex(text, from, to, GVA, "gva");
        event.detail =
            (isOne(text, from, to, FIXED) ? FAST_FIXED : 0)
                | (isOne(text, from, to, SPURIOUS) ? FAST_SPURIOUS : 0);
      }
      case LEAF_SPLIT -> gfn(LineKind.LEAF_SPLIT, text, from, to);
      case MARK_MMIO, MMIO_PAGE_FAULT -> gfn(LineKind.EMULATED, text, from, to);
      case EMULATE -> event.kind = LineKind.EMULATED;
      case ASYNC_GET_PAGE -> gfn(LineKind.ASYNC_FAULT, text, from, to);
      case NOTIFIER_UNMAP -> hostRange(LineKind.UNMAPPED, text, from, to);
      case NOTIFIER_AGE -> hostRange(LineKind.AGED, text, from, to);
      case NOTIFIER_TEST_AGE -> event.kind = LineKind.AGED;
      case ZAP_ALL -> event.kind = LineKind.ZAP_ALL;
      case SCHED_SWITCH -> schedSwitch(text, from, to);
      case SYS_IOCTL, SYS_ENTER_IOCTL, SYS_EXIT_IOCTL -> ioctl(known, text, from, to);
      case SYS_MADVISE, SYS_ENTER_MADVISE, SYS_EXIT_MADVISE -> {
        if (!returned(known == KnownEvent.SYS_EXIT_MADVISE, text, from, to)) {
          event.address = hex(text, from, to, START, "start");
          event.length = hex(text, from, to, LEN_IN, "len_in");
          event.detail = holeOfAdvice(hex(text, from, to, BEHAVIOR, "behavior"));
        }
      }
      case SYS_MUNMAP, SYS_ENTER_MUNMAP, SYS_EXIT_MUNMAP -> {
        if (!returned(known == KnownEvent.SYS_EXIT_MUNMAP, text, from, to)) {
          event.address = hex(text, from, to, ADDR_C, "addr");
          event.length = hex(text, from, to, LEN_C, "len");
          event.detail = HoleKind.UNMAP.code();
        }
      }
      case SYS_FALLOCATE, SYS_ENTER_FALLOCATE, SYS_EXIT_FALLOCATE -> {
        if (!returned(known == KnownEvent.SYS_EXIT_FALLOCATE, text, from, to)) {
          event.address = hex(text, from, to, OFFSET_C, "offset");
          event.length = hex(text, from, to, LEN_C, "len");
          boolean punches = (hex(text, from, to, MODE_C, "mode") & 2) != 0;
          event.detail = punches ? HoleKind.PUNCH_HOLE.code() : 0;
        }
      }
      case PASSED_OVER -> event.kind = LineKind.OTHER;
    }
  }

  /** {@return whether a probe event names an ioctl's command and arguments, which were read} */
  boolean readProbe(byte[] text, int from, int to) throws LineDamagedException {
    int command = Digits.after(text, from, to, CMD_EQ);
    if (command < 0 || Digits.after(text, from, to, A0) < 0) {
      return false;
    }
    event.kind = LineKind.IOCTL_ENTER;
    event.value = number(text, command, to, "cmd");
    event.address = hex(text, from, to, A0, "a0");
    long a1 = optionalHex(text, from, to, A1);
    long a2 = optionalHex(text, from, to, A2);
    boolean destinationFirst = UffdIoctl.ofCommand(event.value).source() != UffdIoctl.Source.NONE;
    event.length = destinationFirst ? a2 : a1;
    event.mode = destinationFirst ? 0 : a2;
    event.argumentsKnown = true;
    return true;
  }

  private void hostFault(byte[] text, int from, int to) throws LineDamagedException {
    event.kind = LineKind.FAULT;
    int at = Digits.after(text, from, to, ADDRESS_EQ);
    if (at < 0) {
      throw new LineDamagedException("a page fault without address=");
    }
    // A kernel address may be printed as a symbol; it is in no region then.
    event.address = Digits.startsWith(text, at, to, HEX) ? number(text, at, to, "address") : -1;
    long code = hex(text, from, to, ERROR_CODE_EQ, "error_code");
    event.value = code;
    event.present = (code & 1) != 0;
    event.write = (code & 2) != 0;
    event.kernelMode = (code & 4) == 0;
    event.fetch = (code & 16) != 0;
  }

  private void guestFault(byte[] text, int from, int to) throws LineDamagedException {
    event.kind = LineKind.GUEST_FAULT;
    vcpu(text, from, to);
    event.address = hex(text, from, to, ADDRESS, "address");
    long code = hex(text, from, to, ERROR_CODE, "error_code");
    event.value = code;
    // Bit 7 says "GVA valid" in an EPT qualification and is reserved in a page-fault error code.
    if (vendorKnown ? intel : (code & 0x80) != 0 && code >>> 12 == 0) {
      event.write = (code & 2) != 0;
      event.fetch = (code & 4) != 0;
      event.present = (code & 0x38) != 0;
    } else {
      event.present = (code & 1) != 0;
      event.write = (code & 2) != 0;
      event.fetch = (code & 16) != 0;
    }
  }

  /** The syndrome register tells what an abort of an arm64 guest was. */
  private void armFault(byte[] text, int from, int to) throws LineDamagedException {
    event.kind = LineKind.GUEST_FAULT;
    event.address = hex(text, from, to, IPA, "ipa");
    int at = Digits.after(text, from, to, HSR);
    at = at < 0 ? Digits.after(text, from, to, ESR) : at;
    if (at < 0) {
      throw new LineDamagedException("kvm_guest_fault without hsr or esr");
    }
    long syndrome = number(text, at, to, "hsr");
    event.value = syndrome;
    event.fetch = (syndrome >>> 26 & 0x3f) == INSTRUCTION_ABORT;
    event.write = !event.fetch && (syndrome & 1 << 6) != 0;
    // Fault status 0b0011xx: refused by a permission, so the entry is there.
    event.present = (syndrome >> 2 & 0xf) == 3;
  }

  private void gfn(LineKind kind, byte[] text, int from, int to) throws LineDamagedException {
    event.kind = kind;
    event.address = hex(text, from, to, GFN, "gfn") << PAGE_SHIFT;
  }

  private static int level(byte[] text, int from, int to) throws LineDamagedException {
    int at = Digits.after(text, from, to, LEVEL);
    if (at < 0 || at >= to || text[at] < '1' || text[at] > '5') {
      throw new LineDamagedException("no level from 1 to 5");
    }
    return text[at] - '0';
  }

  private static boolean isOne(byte[] text, int from, int to, byte[] key) {
    int at = Digits.after(text, from, to, key);
    return at >= 0 && at < to && text[at] == '1';
  }

  private void hostRange(LineKind kind, byte[] text, int from, int to) throws LineDamagedException {
    event.kind = kind;
    event.address = hex(text, from, to, RANGE, "range");
    event.length = hex(text, from, to, RANGE_END, "end of the range") - event.address;
  }

  private void exit(byte[] text, int from, int to) throws LineDamagedException {
    event.kind = LineKind.VM_EXIT;
    vcpu(text, from, to);
    int reason = Digits.after(text, from, to, REASON);
    if (reason < 0) {
      armExit(text, from, to);
      return;
    }
    if (is(NPF, text, reason, to) || is(EXIT_NPF, text, reason, to)) {
      event.detail = ExitReason.STAGE2_FAULT.code();
      intel = false;
      vendorKnown = true;
    } else if (is(EPT_VIOLATION, text, reason, to)) {
      event.detail = ExitReason.STAGE2_FAULT.code();
      intel = true;
      vendorKnown = true;
    } else if (is(EPT_MISCONFIG, text, reason, to)) {
      event.detail = ExitReason.STAGE2_MISCONFIG.code();
    } else if (isAny(INTERRUPTS, text, reason, to)) {
      event.detail = ExitReason.INTERRUPT.code();
    } else if (isAny(HALTS, text, reason, to)) {
      event.detail = ExitReason.HLT.code();
    }
  }

  private void armExit(byte[] text, int from, int to) throws LineDamagedException {
    int at = Digits.skipSpaces(text, from, to);
    int code = Digits.after(text, from, to, HSR_EC);
    code = code < 0 ? Digits.after(text, from, to, ESR_EC) : code;
    if (code < 0) {
      throw new LineDamagedException("kvm_exit without a reason");
    }
    if (Digits.startsWith(text, at, to, IRQ)) {
      event.detail = ExitReason.INTERRUPT.code();
    } else if (Digits.startsWith(text, at, to, TRAP)) {
      long cause = number(text, code, to, "exception class");
      event.detail =
          cause == DATA_ABORT || cause == INSTRUCTION_ABORT ? ExitReason.STAGE2_FAULT.code() : 0;
    }
  }

  private void userspaceExit(byte[] text, int from, int to) throws LineDamagedException {
    event.kind = LineKind.USERSPACE_EXIT;
    int open = to - 1;
    while (open > from && text[open] != '(') {
      open--;
    }
    if (open <= from || open + 1 >= to || !Digits.isDecimal(text[open + 1])) {
      throw new LineDamagedException("kvm_userspace_exit without a reason number");
    }
    int reason = Digits.after(text, from, to, REASON);
    if (reason >= 0 && text[reason] == 'r') {
      event.detail = ExitReason.RESTART.code();
    } else if (reason >= 0 && text[reason] == 'e') {
      event.detail = ExitReason.ERROR.code();
    } else {
      long code = decimal(text, open + 1, to);
      event.detail = ExitReason.ofCode((int) Math.min(code, 127)).code();
    }
  }

  private void schedSwitch(byte[] text, int from, int to) throws LineDamagedException {
    event.kind = LineKind.SWITCH;
    int prev = Digits.after(text, from, to, PREV_PID);
    if (prev >= 0) {
      int state = Digits.after(text, prev, to, PREV_STATE);
      int next = Digits.after(text, prev, to, NEXT_PID);
      if (state < 0 || next < 0 || state >= to) {
        throw new LineDamagedException("sched_switch without prev_state or next_pid");
      }
      event.leftState = text[state];
      event.nextTid = (int) decimal(text, next, to);
      return;
    }
    // trace-cmd: comm:pid [prio] S ==> comm:pid [prio]
    int arrow = Digits.after(text, from, to, ARROW);
    if (arrow < 0 || arrow - 6 < from) {
      throw new LineDamagedException("sched_switch without prev_pid= or ==>");
    }
    int state = arrow - 6;
    while (state > from && text[state - 1] != ' ') {
      state--;
    }
    event.leftState = text[state];
    int bracket = to - 1;
    while (bracket > arrow && text[bracket] != '[') {
      bracket--;
    }
    int end = bracket > arrow ? bracket : to;
    while (end > arrow && !Digits.isDecimal(text[end - 1])) {
      end--;
    }
    int pid = end;
    while (pid > arrow && Digits.isDecimal(text[pid - 1])) {
      pid--;
    }
    if (pid == end || text[pid - 1] != ':') {
      throw new LineDamagedException("sched_switch without the next thread's pid");
    }
    event.nextTid = (int) decimal(text, pid, to);
  }

  private void ioctl(KnownEvent known, byte[] text, int from, int to) throws LineDamagedException {
    int command = Digits.after(text, from, to, CMD);
    if (known != KnownEvent.SYS_EXIT_IOCTL && command >= 0) {
      event.kind = LineKind.IOCTL_ENTER;
      event.value = number(text, command, to, "cmd") & 0xffffffffL;
      return;
    }
    if (known == KnownEvent.SYS_ENTER_IOCTL) {
      throw new LineDamagedException("sys_enter_ioctl without cmd:");
    }
    event.kind = LineKind.IOCTL_EXIT;
    event.value = returnValue(text, from, to);
  }

  /** {@return whether the line is a system call's return}; the kind is set either way */
  private boolean returned(boolean exit, byte[] text, int from, int to)
      throws LineDamagedException {
    int at = Digits.skipSpaces(text, from, to);
    if (exit || (at + 1 < to && text[at] == '-' && text[at + 1] == '>')) {
      event.kind = LineKind.HOLE_EXIT;
      event.value = returnValue(text, from, to);
      return true;
    }
    event.kind = LineKind.HOLE_ENTER;
    return false;
  }

  private static long returnValue(byte[] text, int from, int to) throws LineDamagedException {
    int at = Digits.skipSpaces(text, from, to);
    if (at + 1 < to && text[at] == '-' && text[at + 1] == '>') {
      at = Digits.skipSpaces(text, at + 2, to);
    }
    boolean minus = at < to && text[at] == '-';
    long value = number(text, minus ? at + 1 : at, to, "return value");
    return minus ? -value : value;
  }

  /** {@return the positive error number of a return value, 0 for success, at most 255} */
  static int errnoOf(long returned) {
    return returned < 0 && returned >= -MAX_ERRNO ? (int) Math.min(255, -returned) : 0;
  }

  private static int holeOfAdvice(long advice) {
    return switch ((int) advice) {
      // 24 is MADV_DONTNEED_LOCKED: printed as 18, 0x18 or, by the newest kernels, as 24.
      case 4, 0x18, 0x24 -> HoleKind.DONTNEED.code();
      case 8 -> HoleKind.FREE.code();
      case 9 -> HoleKind.REMOVE.code();
      default -> 0;
    };
  }

  private void vcpu(byte[] text, int from, int to) throws LineDamagedException {
    int at = Digits.after(text, from, to, VCPU);
    if (at >= 0) {
      event.vcpu = (int) Math.min(decimal(text, at, to), 0xffff);
    }
  }
}
