package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.simulation.kvm.Vcpu;
import dev.faultscope.simulation.kvm.VcpuExit;
import org.jspecify.annotations.Nullable;

/** Accesses by the guest, through stage 2. */
final class VcpuAccess implements Worker.Access {
  private final Vcpu vcpu;
  private final ExitHandler.Guest guest;
  private final @Nullable ExitHandler exits;
  private final long faultNs;

  /**
   * @param exits who answers exits, null for nobody
   * @param faultNs a stage-2 violation by itself
   */
  VcpuAccess(Vcpu vcpu, ExitHandler.Guest guest, @Nullable ExitHandler exits, long faultNs) {
    this.vcpu = vcpu;
    this.guest = guest;
    this.exits = exits;
    this.faultNs = faultNs;
  }

  @Override
  public void make(int page, boolean write) {
    vcpu.accessInTime(guest.slot().gpa() + page * PAGE_BYTES, write, page & 0xff);
  }

  @Override
  public boolean isInKernel() {
    return vcpu.isInKvm();
  }

  @Override
  public boolean isMapped(int page) {
    return guest.slot().isInStage2(page);
  }

  @Override
  public long faultNs() {
    return faultNs;
  }

  @Override
  public long retryNs() {
    return faultNs;
  }

  @Override
  public long addressOf(int page) {
    return guest.slot().hva() + page * PAGE_BYTES;
  }

  @Override
  public long answerNs() {
    VcpuExit exit = vcpu.exit();
    return exit == null || exits == null || !exit.userfault()
        ? Worker.NEVER
        : exits.costNs(guest, page(exit));
  }

  @Override
  public void enterAgain() {
    VcpuExit exit = vcpu.exit();
    if (exit != null && exits != null) {
      exits.answer(vcpu, guest, page(exit));
      vcpu.run();
    }
  }

  private int page(VcpuExit exit) {
    return (int) ((exit.gpa() - guest.slot().gpa()) / PAGE_BYTES);
  }
}
