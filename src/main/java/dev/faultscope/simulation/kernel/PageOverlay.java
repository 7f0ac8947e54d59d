package dev.faultscope.simulation.kernel;

/** Adds facts of its own to a page's recorded state: stage 2, KVM Userfault bits, attributes. */
@FunctionalInterface
public interface PageOverlay {
  /** {@return {@link dev.faultscope.model.PageState} bits of the page at an address} */
  int facts(Mm mm, long address);
}
