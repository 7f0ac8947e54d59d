package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.KvmAction;
import dev.faultscope.scenario.Observation;
import dev.faultscope.simulation.kvm.KvmAccess;
import dev.faultscope.simulation.kvm.Memslot;
import dev.faultscope.simulation.kvm.Vcpu;
import dev.faultscope.simulation.kvm.VcpuExit;
import dev.faultscope.simulation.kvm.Vm;
import java.util.BitSet;
import java.util.Locale;

/** The steps of virtual processors and of the VMM that owns them. */
final class KvmSteps {
  private static final long EXIT_FLAG_PRIVATE = 1 << 3;
  private static final long EXIT_FLAG_USERFAULT = 1 << 4;

  private final Machine machine;

  KvmSteps(Machine machine) {
    this.machine = machine;
  }

  void perform(KvmAction.OfVcpu action) {
    Vcpu vcpu = machine.vcpu(action.vcpu());
    switch (action) {
      case KvmAction.GuestTouch a ->
          vcpu.access(machine.gpa(a.at()), a.write(), a.value(), a.asPrivate(), Vm.NONE);
      case KvmAction.Mmio a -> {
        long source = a.string() == null ? Vm.NONE : machine.gpa(a.string());
        vcpu.access(a.gpa(), a.write(), 0, false, source);
      }
      case KvmAction.OwnAccess a ->
          vcpu.kvmAccess(KvmAccess.valueOf(a.what().name()), machine.gpa(a.at()), a.value());
      case KvmAction.Translate _ -> vcpu.translate();
      case KvmAction.PreFault a -> vcpu.preFault(machine.gpa(a.at()));
      case KvmAction.Run _ -> vcpu.run();
    }
  }

  Observation call(KvmAction.OfVm action) {
    Vm vm = machine.vm();
    return switch (action) {
      case KvmAction.UserfaultBits a -> Observation.errno(userfaultBits(vm, a));
      case KvmAction.ChangeSlot a -> Observation.errno(change(vm, a));
      case KvmAction.Attributes a ->
          Observation.errno(
              vm.attributes(
                  machine.vmm(), machine.gpa(a.at()), a.pages() * PAGE_BYTES, a.toPrivate()));
      case KvmAction.ReadDirtyLog a -> readDirtyLog(vm, a);
      case KvmAction.ClearDirtyLog a -> Observation.errno(clearDirtyLog(vm, a));
    };
  }

  private Errno change(Vm vm, KvmAction.ChangeSlot action) {
    Memslot slot = machine.slot(action.slot());
    if (action.bitmapReadable() != null) {
      vm.bitmapReadable(slot, action.bitmapReadable());
    }
    if (action.userfault() != null) {
      vm.userfault(machine.vmm(), slot, action.userfault());
    }
    if (action.log() != null) {
      vm.logDirty(machine.vmm(), slot, action.log());
    }
    return action.exists() == null ? Errno.OK : vm.exists(machine.vmm(), slot, action.exists());
  }

  private Observation readDirtyLog(Vm vm, KvmAction.ReadDirtyLog action) {
    BitSet reported = vm.dirtyLog(machine.vmm(), machine.slot(action.slot()));
    return reported == null
        ? Observation.errno(Errno.ENOENT)
        : Observation.of().errno(Errno.OK).number(Fact.DIRTY_PAGES, reported.cardinality()).build();
  }

  private Errno userfaultBits(Vm vm, KvmAction.UserfaultBits action) {
    Memslot slot = vm.slotAt(machine.gpa(action.at()));
    if (slot == null) {
      return Errno.EFAULT;
    }
    int page = slot.pageOf(machine.gpa(action.at()));
    int pages = (int) Math.min(action.pages(), slot.pages() - page);
    vm.userfaultBits(machine.vmm(), slot, page, pages, action.set());
    return Errno.OK;
  }

  private Errno clearDirtyLog(Vm vm, KvmAction.ClearDirtyLog action) {
    Memslot slot = vm.slotAt(machine.gpa(action.at()));
    if (slot == null) {
      return Errno.ENOENT;
    }
    int page = slot.pageOf(machine.gpa(action.at()));
    int pages = (int) Math.min(action.pages(), slot.pages() - page);
    return vm.clearDirtyLog(machine.vmm(), slot, page, pages);
  }

  /** Adds what its last access cost, and how a vCPU left the guest, if it did. */
  void addExit(String vcpu, Observation.Builder seen) {
    seen.number(Fact.FAULTS, machine.vcpu(vcpu).faults());
    VcpuExit exit = machine.vcpu(vcpu).exit();
    if (exit != null) {
      long flags =
          (exit.userfault() ? EXIT_FLAG_USERFAULT : 0)
              | (exit.wantsPrivate() ? EXIT_FLAG_PRIVATE : 0);
      seen.word(Fact.EXIT, exit.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .number(Fact.GPA, exit.gpa())
          .number(Fact.EXIT_FLAGS, flags)
          .errno(exit.errno());
    }
  }
}
