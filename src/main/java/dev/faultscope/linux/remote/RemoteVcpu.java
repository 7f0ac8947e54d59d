package dev.faultscope.linux.remote;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Processes;
import dev.faultscope.linux.ffi.KvmAbi;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** A vCPU of a remote process, run by one of its threads. Registers are those of x86-64. */
public final class RemoteVcpu {
  private static final long CR0_LONG_MODE = 1 | 1 << 5 | 1L << 31;
  private static final long CR4_PAE = 1 << 5;
  private static final long EFER_LONG_MODE = 1 << 8 | 1 << 10;
  private static final int SEGMENT_BYTES = 24;
  private static final int SEGMENTS = 6;
  private static final int RUN_BYTES = 56;

  private final RemoteThread thread;
  private final int fd;
  private final long run;

  RemoteVcpu(RemoteThread thread, int fd, long run) {
    this.thread = thread;
    this.fd = fd;
    this.run = run;
  }

  /**
   * Puts it into 64-bit mode, in ring 3 as an ordinary program: a KVM without hardware support
   * emulates ring 0 instruction by instruction.
   *
   * @param pageTable guest physical address of the top page table
   */
  public void enterLongMode(long pageTable) throws LinuxException {
    ioctl(KvmAbi.KVM_GET_SREGS, "KVM_GET_SREGS");
    put("cr0", CR0_LONG_MODE);
    put("cr3", pageTable);
    put("cr4", CR4_PAE);
    put("efer", EFER_LONG_MODE);
    for (int i = 0; i < SEGMENTS; i++) {
      boolean code = i == 0; // cs, ds, es, fs, gs, ss
      ByteBuffer segment = ByteBuffer.allocate(SEGMENT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      segment.putLong(0).putInt(-1).putShort((short) (code ? 0xb : 0x13));
      // type, present, dpl, db, s, l, g
      segment.put((byte) (code ? 11 : 3)).put((byte) 1).put((byte) 3).put((byte) (code ? 0 : 1));
      segment.put((byte) 1).put((byte) (code ? 1 : 0)).put((byte) 1);
      thread.putScratch(i * SEGMENT_BYTES, segment.array());
    }
    ioctl(KvmAbi.KVM_SET_SREGS, "KVM_SET_SREGS");
  }

  private void put(String register, long value) {
    thread.putScratch((int) KvmAbi.kvm_sregs.byteOffset(groupElement(register)), value);
  }

  /** Sets registers by name; the others become zero. */
  public void setRegisters(Map<String, Long> values) throws LinuxException {
    thread.putScratch(0, new long[(int) KvmAbi.kvm_regs.byteSize() / Long.BYTES]);
    // Bit 1 of the flags is always set.
    thread.putScratch((int) KvmAbi.kvm_regs.byteOffset(groupElement("rflags")), 2);
    values.forEach(
        (name, value) ->
            thread.putScratch((int) KvmAbi.kvm_regs.byteOffset(groupElement(name)), value));
    ioctl(KvmAbi.KVM_SET_REGS, "KVM_SET_REGS");
  }

  private void ioctl(long request, String name) throws LinuxException {
    RemoteCalls.check(thread.call(SyscallNumber.IOCTL, fd, request, thread.scratch()), name, "");
  }

  /** Begins to run the guest, until it stores to an address without memory. */
  public void beginRun() {
    thread.beginCall(SyscallNumber.IOCTL, fd, KvmAbi.KVM_RUN, 0);
  }

  /** {@return the thread that runs it} */
  public RemoteThread thread() {
    return thread;
  }

  /** {@return whether the run that ended was interrupted and is to be begun again} */
  public boolean isInterrupted() throws LinuxException {
    long result = thread.result();
    return result == -Errno.EINTR
        || result == -Errno.EAGAIN
        || (result == 0 && exit().getInt(8) == KvmAbi.KVM_EXIT_INTR);
  }

  private ByteBuffer exit() throws LinuxException {
    return ByteBuffer.wrap(Processes.read(thread.pid(), run, RUN_BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * {@return the 8 bytes stored at an address without memory, which ended the run}
   *
   * @throws LinuxException if it ended otherwise
   */
  public long stored(long address) throws LinuxException {
    RemoteCalls.check(thread.result(), "KVM_RUN", "");
    ByteBuffer exit = exit();
    int reason = exit.getInt(8);
    if (reason != KvmAbi.KVM_EXIT_MMIO || exit.getLong(32) != address || exit.get(52) == 0) {
      throw new LinuxException(
          "KVM_RUN",
          Errno.EFAULT,
          "exit %d at 0x%x, where the program's end was expected"
              .formatted(reason, exit.getLong(32)));
    }
    return exit.getLong(40);
  }
}
