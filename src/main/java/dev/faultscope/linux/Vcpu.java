package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.faultscope.linux.ffi.KvmAbi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/**
 * One vCPU. Everything but {@link #askToStop} belongs to the thread that runs it. Registers are
 * those of x86-64.
 */
public final class Vcpu implements AutoCloseable {
  private static final long CR0_PE = 1;
  private static final long CR0_NE = 1 << 5;
  private static final long CR0_PG = 1L << 31;
  private static final long CR4_PAE = 1 << 5;
  private static final long EFER_LME = 1 << 8;
  private static final long EFER_LMA = 1 << 10;
  private static final int CODE_SEGMENT = 11;
  private static final int DATA_SEGMENT = 3;

  private final Fd fd;
  private final Mapping run;

  Vcpu(Fd fd, Mapping run) {
    this.fd = fd;
    this.run = run;
  }

  Fd fd() {
    return fd;
  }

  /**
   * Puts the vCPU into 64-bit mode.
   *
   * @param pageTable guest physical address of the top page table
   * @param ring the privilege level it runs at: 0, or 3 as an ordinary program would
   */
  public void enterLongMode(long pageTable, int ring) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment registers = arena.allocate(KvmAbi.kvm_sregs);
      LinuxException.check(fd.ioctl(KvmAbi.KVM_GET_SREGS, registers), "KVM_GET_SREGS", "");
      set(registers, "cr0", CR0_PE | CR0_NE | CR0_PG);
      set(registers, "cr3", pageTable);
      set(registers, "cr4", CR4_PAE);
      set(registers, "efer", EFER_LME | EFER_LMA);
      segment(registers, "cs", 0x8 | ring, CODE_SEGMENT, ring, true);
      for (String name : new String[] {"ds", "es", "fs", "gs", "ss"}) {
        segment(registers, name, 0x10 | ring, DATA_SEGMENT, ring, false);
      }
      LinuxException.check(
          fd.ioctl(KvmAbi.KVM_SET_SREGS, registers), "KVM_SET_SREGS", "long mode, ring " + ring);
    }
  }

  private static void set(MemorySegment registers, String name, long value) {
    registers.set(JAVA_LONG, KvmAbi.kvm_sregs.byteOffset(PathElement.groupElement(name)), value);
  }

  private static void segment(
      MemorySegment registers, String name, int selector, int type, int ring, boolean code) {
    long at = KvmAbi.kvm_sregs.byteOffset(PathElement.groupElement(name));
    MemorySegment segment = registers.asSlice(at, KvmAbi.kvm_segment.byteSize());
    segment.set(JAVA_LONG, 0, 0);
    segment.set(JAVA_INT, 8, -1);
    segment.set(JAVA_SHORT, 12, (short) selector);
    segment.set(JAVA_BYTE, 14, (byte) type);
    segment.set(JAVA_BYTE, 15, (byte) 1);
    segment.set(JAVA_BYTE, 16, (byte) ring);
    segment.set(JAVA_BYTE, 17, (byte) (code ? 0 : 1));
    segment.set(JAVA_BYTE, 18, (byte) 1);
    segment.set(JAVA_BYTE, 19, (byte) (code ? 1 : 0));
    segment.set(JAVA_BYTE, 20, (byte) 1);
    segment.set(JAVA_BYTE, 21, (byte) 0);
    segment.set(JAVA_BYTE, 22, (byte) 0);
  }

  /** {@return a register of {@code kvm_regs} by name, e.g. {@code rip}} */
  public long register(String name) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment registers = arena.allocate(KvmAbi.kvm_regs);
      LinuxException.check(fd.ioctl(KvmAbi.KVM_GET_REGS, registers), "KVM_GET_REGS", "");
      return registers.get(JAVA_LONG, KvmAbi.kvm_regs.byteOffset(PathElement.groupElement(name)));
    }
  }

  /** Sets registers of {@code kvm_regs} by name; the others become zero. */
  public void setRegisters(Map<String, Long> values) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment registers = arena.allocate(KvmAbi.kvm_regs);
      values.forEach(
          (name, value) ->
              registers.set(
                  JAVA_LONG,
                  KvmAbi.kvm_regs.byteOffset(PathElement.groupElement(name)),
                  (long) value));
      // Bit 1 of the flags is always set.
      long flags = KvmAbi.kvm_regs.byteOffset(PathElement.groupElement("rflags"));
      registers.set(JAVA_LONG, flags, registers.get(JAVA_LONG, flags) | 2);
      LinuxException.check(fd.ioctl(KvmAbi.KVM_SET_REGS, registers), "KVM_SET_REGS", "");
    }
  }

  /** Sets a model-specific register. */
  public void setMsr(int index, long value) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = msr(arena, index, value);
      if (LinuxException.check(
              fd.ioctl(KvmAbi.KVM_SET_MSRS, argument),
              "KVM_SET_MSRS",
              "0x" + Integer.toHexString(index))
          != 1) {
        throw new LinuxException(
            "KVM_SET_MSRS", Errno.EINVAL, "this KVM does not take 0x" + Integer.toHexString(index));
      }
    }
  }

  /** {@return a model-specific register} */
  public long msr(int index) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = msr(arena, index, 0);
      if (LinuxException.check(
              fd.ioctl(KvmAbi.KVM_GET_MSRS, argument),
              "KVM_GET_MSRS",
              "0x" + Integer.toHexString(index))
          != 1) {
        throw new LinuxException(
            "KVM_GET_MSRS", Errno.EINVAL, "this KVM has no 0x" + Integer.toHexString(index));
      }
      return argument.get(JAVA_LONG, 16);
    }
  }

  private static MemorySegment msr(Arena arena, int index, long value) {
    MemorySegment argument = arena.allocate(24, 8);
    argument.set(JAVA_INT, 0, 1);
    argument.set(JAVA_INT, 8, index);
    argument.set(JAVA_LONG, 16, value);
    return argument;
  }

  /** Has KVM keep a clock in guest memory: KVM itself then writes there at the next run. */
  public void setClock(long guestAddress) throws LinuxException {
    setMsr(KvmAbi.MSR_KVM_SYSTEM_TIME_NEW, guestAddress | 1);
  }

  /**
   * {@return the guest physical address of a guest virtual one}; KVM reads the guest's page tables
   * for it.
   */
  public Optional<Long> translate(long guestVirtual) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(KvmAbi.kvm_translation);
      argument.set(JAVA_LONG, 0, guestVirtual);
      LinuxException.check(
          fd.ioctl(KvmAbi.KVM_TRANSLATE, argument),
          "KVM_TRANSLATE",
          "0x" + Long.toHexString(guestVirtual));
      return argument.get(JAVA_BYTE, 16) == 0
          ? Optional.empty()
          : Optional.of(argument.get(JAVA_LONG, 8));
    }
  }

  /**
   * Runs the guest until it needs this process; the thread may sleep in a fault of guest memory.
   */
  public KvmExit run() throws LinuxException {
    long result = fd.ioctl(KvmAbi.KVM_RUN, 0);
    if (result == -Errno.EINTR || result == -Errno.EAGAIN) {
      return new KvmExit.Interrupted();
    }
    int reason = run.getInt(8);
    if (reason == KvmAbi.KVM_EXIT_MEMORY_FAULT && result == -Errno.EFAULT) {
      return new KvmExit.MemoryFault(run.getLong(40), run.getLong(48), run.getLong(32));
    }
    LinuxException.check(result, "KVM_RUN", "");
    return switch (reason) {
      case KvmAbi.KVM_EXIT_MMIO -> {
        int length = run.getInt(48);
        long value = length == 8 ? run.getLong(40) : run.getLong(40) & ((1L << (8 * length)) - 1);
        yield new KvmExit.Mmio(run.getLong(32), value, length, run.getByte(52) != 0);
      }
      case KvmAbi.KVM_EXIT_HLT -> new KvmExit.Halt();
      case KvmAbi.KVM_EXIT_INTR -> new KvmExit.Interrupted();
      default -> new KvmExit.Other(reason, run.getLong(32));
    };
  }

  /**
   * Makes the present or next {@link #run} return at once. Does not wake a thread asleep in a
   * fault.
   */
  public void askToStop() {
    run.put(1, new byte[] {1});
  }

  @Override
  public void close() {
    run.close();
    fd.close();
  }
}
