package dev.faultscope.session.kernelview;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Event;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;

/** The way in a few words. */
final class Titles {
  private Titles() {}

  static String of(Event event) {
    int detail = event.detail();
    return switch (event.kind()) {
      case TOUCH -> capital(AccessOrigin.ofCode(detail).text());
      case DECIDE -> capital(DecideReason.ofCode(detail).text());
      case ENQUEUE -> "Message queued, thread asleep";
      case READ -> "Handler reads the message";
      case CALL -> "UFFDIO_" + UffdIoctl.ofCode(detail).name() + " entered";
      case IOCTL ->
          "UFFDIO_"
              + UffdIoctl.ofCode(detail).name()
              + " returns "
              + (event.errno() == 0 ? "0" : Errno.nameOf(event.errno()));
      case INSTALL -> "Page facts change";
      case WAKE -> "Sleeper woken";
      case RETRY -> "The fault runs again from scratch";
      case EXIT -> "KVM: " + ExitReason.ofCode(detail).text();
      case HOLE -> capital(HoleKind.ofCode(detail).text());
      case KERNEL -> capital(KernelEventKind.ofCode(detail).text());
      case REGION -> capital(RegionChange.ofCode(detail).text());
      case NOTE -> "Remark";
    };
  }

  private static String capital(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
