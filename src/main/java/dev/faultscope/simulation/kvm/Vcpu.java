package dev.faultscope.simulation.kvm;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Errno;
import dev.faultscope.model.ExitReason;
import dev.faultscope.simulation.kernel.GuestFault;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.Outcome;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.Work;
import org.jspecify.annotations.Nullable;

/**
 * A virtual processor: a thread in KVM_RUN. What it is told to do runs until it is done, sleeps in
 * a fault (then {@link Kernel#resume} goes on, from scratch), or leaves to the VMM with an {@link
 * #exit()}, after which {@link #run()} enters the guest again.
 */
public final class Vcpu {
  /** An address that nobody maps: what has no page is noted there. */
  private static final long NOWHERE = -PAGE_BYTES;

  private static final int MOST_ACCESSES = 16;

  private final Kernel kernel;
  private final Vm vm;
  private final Task task;
  private final GuestFault fault;
  private final Work work = new InKvmRun();
  private final GuestAccess[] accesses = new GuestAccess[MOST_ACCESSES];
  private int count;
  private int next;
  private boolean slept;
  private boolean ioctl;
  private boolean pauses;
  private int faultsBefore;
  private @Nullable VcpuExit exit;

  /** The page that a string instruction reads for a device, {@link Vm#NONE} for none. */
  private long string = Vm.NONE;

  /** The device address that the instruction turned out to concern, {@link Vm#NONE} for none. */
  private long device = Vm.NONE;

  Vcpu(Kernel kernel, Vm vm, Task task) {
    this.kernel = kernel;
    this.vm = vm;
    this.task = task;
    fault = kernel.newGuestFault(task);
    for (int i = 0; i < MOST_ACCESSES; i++) {
      accesses[i] = new GuestAccess();
    }
  }

  /** {@return its thread} */
  public Task task() {
    return task;
  }

  GuestFault fault() {
    return fault;
  }

  /** {@return how many faults of stage 2 its last instruction cost, where KVM answers alone} */
  public int faults() {
    return fault.count() - faultsBefore;
  }

  public String name() {
    return task.name();
  }

  /** {@return how KVM_RUN last returned, null while the guest runs or was not left} */
  public @Nullable VcpuExit exit() {
    return exit;
  }

  // What it can be told to do; its thread must be idle

  /** The guest reads or writes a byte. Where no slot is, KVM decodes the instruction: MMIO. */
  public void access(long gpa, boolean write, int value) {
    access(gpa, write, value, false, Vm.NONE);
  }

  /**
   * The guest reads or writes a byte.
   *
   * @param wantsPrivate it accesses the page as private memory
   * @param source guest physical address that a string instruction copies to the device from, or
   *     {@link Vm#NONE}
   */
  public void access(long gpa, boolean write, int value, boolean wantsPrivate, long source) {
    begin(false);
    string = source;
    instruction();
    add(GuestAccess.By.GUEST, gpa, write, value, wantsPrivate);
    start();
  }

  /**
   * The guest reads or writes a byte, and each fault that KVM answers alone takes time: its thread
   * pauses in it, {@link #isInKvm()}, until it is resumed.
   */
  public void accessInTime(long gpa, boolean write, int value) {
    begin(false);
    pauses = true;
    instruction();
    add(GuestAccess.By.GUEST, gpa, write, value, false);
    start();
  }

  /** {@return whether its thread is in the middle of a fault that takes time} */
  public boolean isInKvm() {
    return pauses && fault.waits() && task.state() == Task.State.READY;
  }

  /** KVM reads or writes its own data in guest memory. */
  public void kvmAccess(KvmAccess what, long gpa, int value) {
    begin(false);
    if (what.readsFirst()) {
      add(GuestAccess.By.KVM, gpa, false, 0, false);
    }
    add(GuestAccess.By.KVM, gpa, true, value, false);
    start();
  }

  /** KVM_TRANSLATE: KVM walks the guest's page tables. */
  public void translate() {
    begin(true);
    walk(GuestAccess.By.KVM);
    start();
  }

  /** KVM_PRE_FAULT_MEMORY of one page: a stage-2 fault before the guest has one. */
  public void preFault(long gpa) {
    begin(true);
    add(GuestAccess.By.PRE_FAULT, gpa, false, 0, false);
    start();
  }

  /**
   * KVM_RUN again: what a fault or a signal broke off runs from the start, what the VMM did for the
   * guest is over. Nothing happens where the guest was not left.
   */
  public void run() {
    VcpuExit last = exit;
    if (last == null) {
      return;
    }
    exit = null;
    fault.end();
    if (last.reason() == ExitReason.MMIO) {
      count = 0;
      device = Vm.NONE;
    }
    next = 0;
    for (int i = 0; i < count; i++) {
      accesses[i].restart();
    }
    start();
  }

  private void begin(boolean isIoctl) {
    count = 0;
    next = 0;
    slept = false;
    ioctl = isIoctl;
    faultsBefore = fault.count();
    pauses = false;
    exit = null;
    if (!isIoctl) {
      fault.end();
    }
    string = Vm.NONE;
    device = Vm.NONE;
  }

  private void start() {
    kernel.begin(task, work);
  }

  private GuestAccess add(
      GuestAccess.By by, long gpa, boolean write, int value, boolean wantsPrivate) {
    GuestAccess access = accesses[count++];
    access.set(by, gpa, write, value, wantsPrivate);
    return access;
  }

  /** What the processor needs before any access: page tables and code, through stage 2. */
  private void instruction() {
    walk(GuestAccess.By.WALK);
    if (vm.code() != Vm.NONE) {
      add(GuestAccess.By.WALK, vm.code(), false, 0, false).fetch = true;
    }
  }

  private void walk(GuestAccess.By by) {
    // The processor's walk is a write to stage 2: it may have to mark the entries it uses.
    boolean marks = vm.alone() != null && by == GuestAccess.By.WALK;
    if (vm.pageTables() != Vm.NONE) {
      for (int level = 0; level < Vm.TABLE_PAGES; level++) {
        add(by, vm.pageTables() + (long) level * PAGE_BYTES, marks, 0, false);
      }
    }
  }

  /**
   * An address without a slot: KVM reads the instruction itself, and executor the rest to the VMM.
   */
  private void decode(long gpa) {
    if (vm.alone() == null) {
      kernel.decide(task, DecideReason.NO_SLOT, NOWHERE);
    } else {
      fault.decide(DecideReason.EMULATED);
    }
    device = gpa;
    walk(GuestAccess.By.KVM);
    if (vm.code() != Vm.NONE) {
      add(GuestAccess.By.KVM, vm.code(), false, 0, false);
    }
    if (string != Vm.NONE) {
      add(GuestAccess.By.KVM, string, false, 0, false);
    }
  }

  private void leave(VcpuExit how, long hva) {
    if (ioctl) {
      // Not KVM_RUN: the ioctl fails, there is no exit to be handled.
      task.end(Task.Ending.FAILED, how.errno().number());
      return;
    }
    exit = how;
    vm.countExit(how);
    if (how.reason() != ExitReason.MMIO) {
      fault.giveUp();
    }
    kernel.exitToVmm(task, how.reason(), hva, how.errno());
    task.end(Task.Ending.EXITED_TO_VMM, how.errno().number());
  }

  /** Runs access after access; stays where it must sleep. */
  private final class InKvmRun implements Work {
    private int seen;

    @Override
    public void run(Kernel inKernel, Task inTask) {
      while (next < count) {
        GuestAccess access = accesses[next];
        boolean goesOn =
            access.by == GuestAccess.By.KVM ? throughUserMapping(access) : throughStage2(access);
        if (!goesOn) {
          return;
        }
        next++;
      }
      if (device != Vm.NONE) {
        leave(VcpuExit.of(ExitReason.MMIO, Errno.OK, device), NOWHERE);
      } else {
        task.end(Task.Ending.DONE, count == 0 ? 0 : seen);
      }
    }

    private boolean throughStage2(GuestAccess access) {
      Memslot slot = vm.find(access.gpa);
      long hva = slot == null ? NOWHERE : slot.toHva(access.gpa);
      if (slept && task.isSignalPending()) {
        slept = false;
        leave(VcpuExit.of(ExitReason.INTR, Errno.EINTR, access.gpa & -PAGE_BYTES), hva);
        return false;
      }
      boolean walks = access.by == GuestAccess.By.WALK;
      if (walks && slot != null && !fault.waits() && vm.path().hits(slot, access)) {
        return true;
      }
      KvmFaultPath alone = vm.alone();
      if (alone == null || access.by == GuestAccess.By.PRE_FAULT) {
        note(access, hva, AccessOrigin.STAGE2);
      }
      boolean refused = alone != null && slot != null && access.write && slot.isReadOnly();
      if ((slot == null || refused) && fault.waits()) {
        // The slot went while its page was looked for.
        fault.decide(DecideReason.RETRIED);
        fault.end();
      }
      if (slot == null || refused) {
        if (access.by != GuestAccess.By.PRE_FAULT) {
          vm.emulate(fault, slot, access);
        }
        return noSlot(access);
      }
      StageTwoPath.Result result =
          alone == null
              ? vm.path().attempt(task, slot, access)
              : alone.attempt(task, fault, slot, access, pauses);
      return switch (result) {
        case StageTwoPath.Result.Done(int value) -> {
          seen = value;
          yield true;
        }
        case StageTwoPath.Result.Asleep _ -> {
          if (alone == null) {
            slept = true;
          } else {
            task.pause();
          }
          yield false;
        }
        case StageTwoPath.Result.Exits(VcpuExit how) -> {
          leave(how, hva);
          yield false;
        }
        case StageTwoPath.Result.Sigbus _ -> {
          fault.giveUp();
          task.end(Task.Ending.SIGBUS, 0);
          yield false;
        }
      };
    }

    private boolean noSlot(GuestAccess access) {
      if (access.by == GuestAccess.By.GUEST) {
        decode(access.gpa);
        return true;
      }
      kernel.decide(task, DecideReason.NO_SLOT, NOWHERE);
      leave(VcpuExit.of(ExitReason.ERROR, Errno.ENOENT, access.gpa), NOWHERE);
      return false;
    }

    private boolean throughUserMapping(GuestAccess access) {
      Memslot slot = vm.find(access.gpa);
      long hva = slot == null ? NOWHERE : slot.toHva(access.gpa);
      note(access, hva, AccessOrigin.KVM);
      if (slot != null && access.write) {
        slot.log.mark(slot.pageOf(access.gpa));
      }
      if (!access.explained) {
        access.explained = true;
        boolean removed = vm.isDirectMapRemoved() && kernel.guestPages().isGmem(task.mm(), hva);
        kernel.decide(
            task, removed ? DecideReason.NO_DIRECT_MAP : DecideReason.KVM_USER_MAPPING, hva);
      }
      Outcome outcome = kernel.attempt(task, hva, access.write, access.value, AccessOrigin.KVM);
      return switch (outcome) {
        case DONE -> {
          seen = task.result();
          yield true;
        }
        case BLOCKED -> {
          slept = true;
          yield false;
        }
        case POISONED -> failed(Errno.EHWPOISON);
        case SIGBUS, SIGSEGV, WOULD_BLOCK -> failed(Errno.EFAULT);
      };
    }

    private boolean failed(Errno errno) {
      task.end(Task.Ending.FAILED, errno.number());
      return false;
    }

    private void note(GuestAccess access, long hva, AccessOrigin origin) {
      if (!access.touched) {
        access.touched = true;
        kernel.touch(task, hva, access.write, origin);
      } else if (slept) {
        slept = false;
        kernel.retry(task);
      }
      slept = false;
    }
  }
}
