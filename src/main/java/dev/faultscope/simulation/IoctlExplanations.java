package dev.faultscope.simulation;

import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.simulation.kernel.IoctlResult;
import dev.faultscope.simulation.kernel.QueuedFault;
import java.util.List;

/** Why the kernel answered an ioctl as it did, in one sentence. */
final class IoctlExplanations {
  private IoctlExplanations() {}

  /**
   * {@return why}
   *
   * @param left faults that still wait at the userfaultfd
   */
  static String ofIoctl(
      Intervention.Ioctl hand, IoctlResult result, List<QueuedFault> left, long start) {
    UffdIoctl ioctl = hand.ioctl();
    boolean waits =
        left.stream()
            .anyMatch(
                fault ->
                    fault.address() >= start && fault.address() - start < hand.range().bytes());
    if (result.errno() != Errno.OK) {
      String asleep = waits ? " Who waits there sleeps on: a failed call wakes nobody." : "";
      return failed(ioctl, result) + asleep;
    }
    if (ioctl.fills() && !ioctl.wakes(hand.mode())) {
      return waits
          ? "The pages are in place; DONTWAKE leaves who waits for them asleep until a WAKE."
          : "The pages are in place.";
    }
    return switch (ioctl) {
      case WRITEPROTECT ->
          ioctl.protects(hand.mode())
              ? "Pages that are there are write-protected; protecting wakes nobody."
              : ioctl.wakes(hand.mode())
                  ? "The protection is off, and who waited for that goes on."
                  : "The protection is off; DONTWAKE leaves who waits asleep until a WAKE.";
      case REGISTER -> "The range is registered; faults on it become messages from now on.";
      case UNREGISTER -> "The range is no longer registered, and everybody who waited goes on.";
      case WAKE -> "Who waited in the range runs the access again, whatever is behind the page.";
      default -> "The pages are in place, and who waited for them runs the access again.";
    };
  }

  private static String failed(UffdIoctl ioctl, IoctlResult result) {
    return switch (result.errno()) {
      case EEXIST ->
          ioctl == UffdIoctl.CONTINUE
              ? "EEXIST: the page table has an entry for the page already."
              : "EEXIST: there is a page already, in the page table or in the file, and "
                  + ioctl
                  + " never replaces one.";
      case EAGAIN ->
          result.field() > 0
              ? "EAGAIN: part of the range was done before a page stopped it; the field says how"
                  + " much."
              : "EAGAIN: an event is queued that changes the address space; read it first.";
      case EFAULT ->
          ioctl == UffdIoctl.CONTINUE
              ? "EFAULT: the file has no page there that could be mapped."
              : "EFAULT: the bytes to copy cannot be read, or the file ends before the page.";
      case ENOENT -> "ENOENT: no mapping with a userfaultfd spans the range.";
      case ESRCH -> "ESRCH: the process of the address space is gone.";
      case EINVAL ->
          "EINVAL: the range is not made of whole pages, or this memory does not take "
              + ioctl
              + ".";
      default -> failed(result.errno());
    };
  }

  static String failed(Errno errno) {
    return errno + ": the kernel refused.";
  }
}
