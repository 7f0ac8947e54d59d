package dev.faultscope.simulation.kvm;

import dev.faultscope.model.Errno;
import dev.faultscope.model.ExitReason;

/**
 * How KVM_RUN returned to the VMM.
 *
 * @param reason {@link ExitReason#MEMORY_FAULT} is KVM_EXIT_MEMORY_FAULT (39); {@link
 *     ExitReason#ERROR} has no exit information
 * @param errno of KVM_RUN; EFAULT with a memory fault too
 * @param gpa guest physical address of the page, of the byte for MMIO
 * @param userfault KVM_MEMORY_EXIT_FLAG_USERFAULT
 * @param wantsPrivate KVM_MEMORY_EXIT_FLAG_PRIVATE: the guest wanted the page private
 */
public record VcpuExit(
    ExitReason reason, Errno errno, long gpa, boolean userfault, boolean wantsPrivate) {

  static VcpuExit of(ExitReason reason, Errno errno, long gpa) {
    return new VcpuExit(reason, errno, gpa, false, false);
  }
}
