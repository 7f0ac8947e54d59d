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
    Errno errno =
        switch (action) {
          case KvmAction.UserfaultBits a -> userfaultBits(vm, a);
          case KvmAction.ChangeSlot a -> {
            Memslot slot = machine.slot(a.slot());
            if (a.bitmapReadable() != null) {
              vm.bitmapReadable(slot, a.bitmapReadable());
            }
            if (a.userfault() != null) {
              vm.userfault(machine.vmm(), slot, a.userfault());
            }
            yield Errno.OK;
          }
          case KvmAction.Attributes a ->
              vm.attributes(
                  machine.vmm(), machine.gpa(a.at()), a.pages() * PAGE_BYTES, a.toPrivate());
        };
    return Observation.errno(errno);
  }

  private Errno userfaultBits(Vm vm, KvmAction.UserfaultBits action) {
    long gpa = machine.gpa(action.at());
    for (Memslot slot : vm.slots()) {
      long page = (gpa - slot.gpa()) / PAGE_BYTES;
      if (gpa >= slot.gpa() && page < slot.pages()) {
        int pages = (int) Math.min(action.pages(), slot.pages() - page);
        vm.userfaultBits(machine.vmm(), slot, (int) page, pages, action.set());
        return Errno.OK;
      }
    }
    return Errno.EFAULT;
  }

  /** Adds how a vCPU left the guest, if it did. */
  void addExit(String vcpu, Observation.Builder seen) {
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
