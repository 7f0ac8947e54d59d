package dev.faultscope.simulation.kernel;

import dev.faultscope.model.KernelEventKind;

/** How non-cooperative events are recorded. */
final class EventKinds {
  private EventKinds() {}

  static KernelEventKind of(UffdMessage message) {
    return switch (message.event()) {
      case FORK -> KernelEventKind.UFFD_FORK;
      case REMAP -> KernelEventKind.UFFD_REMAP;
      case REMOVE -> KernelEventKind.UFFD_REMOVE;
      case UNMAP -> KernelEventKind.UFFD_UNMAP;
      case PAGEFAULT -> KernelEventKind.UNKNOWN;
    };
  }
}
