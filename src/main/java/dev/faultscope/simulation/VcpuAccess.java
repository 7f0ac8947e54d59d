package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.simulation.kvm.Memslot;
import dev.faultscope.simulation.kvm.Vcpu;

/** Accesses by the guest, through stage 2. */
record VcpuAccess(Vcpu vcpu, Memslot slot) implements Worker.Access {
  @Override
  public void make(int page, boolean write) {
    vcpu.access(slot.gpa() + page * (long) PAGE_BYTES, write, page & 0xff);
  }

  @Override
  public boolean isMapped(int page) {
    return slot.isInStage2(page);
  }
}
