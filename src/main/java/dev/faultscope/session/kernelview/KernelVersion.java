package dev.faultscope.session.kernelview;

/** A kernel, or a patch series on top of one, whose way through a frame may differ. */
public enum KernelVersion {
  MAINLINE("mainline", "6.18", "Linux 6.18, no userfaultfd on guest_memfd"),
  V1("v1", "v1", "guest_memfd: support for uffd missing (March 2025): hybrid"),
  V2("v2", "v2", "guest_memfd: support for uffd minor, v2 (2 April 2025): full minor"),
  V3("v3", "v3", "guest_memfd: support for uffd minor, v3 (4 April 2025)"),
  SERIES_2026("2026", "2026", "mm, kvm: allow uffd support in guest_memfd (2026): as shmem"),
  KVM_USERFAULT("userfault", "KVM Userfault", "KVM Userfault, v3 (June 2025): exits by a bitmap");

  private final String id;
  private final String label;
  private final String text;

  KernelVersion(String id, String label, String text) {
    this.id = id;
    this.label = label;
    this.text = text;
  }

  /** {@return whether it is a series that brings userfaultfd to guest_memfd} */
  boolean isOfGuestMemfd() {
    return this != MAINLINE && this != KVM_USERFAULT;
  }

  /** {@return its name on the wire} */
  public String id() {
    return id;
  }

  /** {@return a short name for a button} */
  public String label() {
    return label;
  }

  /** {@return what it is} */
  public String text() {
    return text;
  }
}
