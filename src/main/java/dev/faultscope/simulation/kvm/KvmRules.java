package dev.faultscope.simulation.kvm;

/**
 * What a virtual machine is asked to be.
 *
 * @param alone whether nobody but KVM answers its guest's faults: no userfaultfd, no KVM Userfault
 *     and no guest_memfd has a part in them. Then each is a fault of stage 2
 * @param zapsAllSlots KVM_X86_QUIRK_SLOT_ZAP_ALL, on by default: deleting one slot empties stage 2
 *     of all
 * @param clearsByHand KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE: reading a dirty log protects nothing,
 *     clearing it does
 * @param initiallySet KVM_DIRTY_LOG_INITIALLY_SET: a dirty log begins with every page and protects
 *     none; asks for {@code clearsByHand}
 */
public record KvmRules(
    boolean alone, boolean zapsAllSlots, boolean clearsByHand, boolean initiallySet) {
  /** Others than KVM may have a part in faults. */
  public static final KvmRules WITH_OTHERS = new KvmRules(false, true, false, false);

  /** KVM alone, with its defaults. */
  public static final KvmRules ALONE = new KvmRules(true, true, false, false);

  public KvmRules {
    if (initiallySet && !clearsByHand) {
      throw new IllegalArgumentException("a dirty log that begins full is cleared by hand");
    }
  }
}
