/**
 * Simulated KVM: memory slots, stage 2, KVM Userfault, memory attributes, and KVM's own accesses
 * through the user mapping. Pages and userfaultfds are the kernel's; this package asks for them as
 * KVM does.
 */
@NullMarked
package dev.faultscope.simulation.kvm;

import org.jspecify.annotations.NullMarked;
