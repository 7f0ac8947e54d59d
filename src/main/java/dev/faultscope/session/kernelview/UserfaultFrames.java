package dev.faultscope.session.kernelview;

import static dev.faultscope.session.kernelview.KernelFunction.*;

import dev.faultscope.model.EventFlags;
import dev.faultscope.model.FaultKind;

/** A fault message's life: queued with a thread asleep, read, woken. */
final class UserfaultFrames {
  private UserfaultFrames() {}

  /** The thread queues its message and sleeps. */
  static void sleep(KernelPath path, Scene scene) {
    trap(path, scene);
    path.into(
        SCHEDULE,
        "The thread sleeps until somebody wakes it; then the fault runs again from the start.",
        "state",
        "TASK_INTERRUPTIBLE",
        "queue",
        "ctx->fault_pending_wqh");
  }

  private static void trap(KernelPath path, Scene scene) {
    path.into(
            HANDLE_USERFAULT,
            "Queues a message, looks at the entry once more, wakes whoever polls.",
            "reason",
            reason(scene),
            "msg.flags",
            messageFlags(scene),
            "msg.address",
            scene.address())
        .differs(
            KernelVersion.SERIES_2026,
            "The same; the memory's type can be a module's, since the trap is called from"
                + " __do_userfault().");
  }

  private static String reason(Scene scene) {
    return switch (FaultKind.of(scene.event().flags())) {
      case MISSING -> "VM_UFFD_MISSING";
      case MINOR -> "VM_UFFD_MINOR";
      case WRITE_PROTECT -> "VM_UFFD_WP";
      case READ_WRITE_PROTECT -> "VM_UFFD_RWP";
      case UNKNOWN -> "not told";
    };
  }

  /** The flags of a message as userfaultfd.h names them. */
  static String messageFlags(Scene scene) {
    if (FaultKind.of(scene.event().flags()) == FaultKind.UNKNOWN) {
      return "not told";
    }
    int flags =
        (scene.isWrite() ? 1 : 0)
            | (scene.event().is(EventFlags.WP) ? 2 : 0)
            | (scene.event().is(EventFlags.MINOR) ? 4 : 0);
    StringBuilder names = new StringBuilder();
    if (scene.isWrite()) {
      names.append(" WRITE");
    }
    if (scene.event().is(EventFlags.WP)) {
      names.append(" WP");
    }
    if (scene.event().is(EventFlags.MINOR)) {
      names.append(" MINOR");
    }
    return flags + (names.isEmpty() ? "" : names.toString());
  }

  /** A handler takes the oldest message. */
  static void read(KernelPath path, Scene scene) {
    reading(path, scene)
        .into(
            USERFAULTFD_CTX_READ,
            "Moves the waiter from fault_pending_wqh to fault_wqh; the thread sleeps on.",
            "event",
            "UFFD_EVENT_PAGEFAULT",
            "msg.flags",
            messageFlags(scene),
            "msg.address",
            scene.address());
  }

  private static KernelPath reading(KernelPath path, Scene scene) {
    return path.into(
            DO_SYSCALL_64, "The handler calls read(2) on the userfaultfd.", "task", scene.who())
        .into(
            USERFAULTFD_READ_ITER,
            "Fills the buffer with as many messages as fit.",
            "bytes",
            "32 each");
  }

  /**
   * A handler reads that something else happened than a fault.
   *
   * @param sender the functions in which the thread sleeps that did it, from the outside in
   */
  static void readEvent(KernelPath path, Scene scene, String event, KernelFunction... sender) {
    StringBuilder asleep = new StringBuilder();
    for (KernelFunction function : sender) {
      asleep.append(function.functionName()).append("() › ");
    }
    reading(path, scene)
        .into(
            USERFAULTFD_CTX_READ,
            "Takes the event off its queue and wakes the thread that it tells of: until then that"
                + " one sleeps, and the fill ioctls answer EAGAIN.",
            "event",
            event,
            "sent by",
            asleep + USERFAULTFD_EVENT_WAIT_COMPLETION.functionName() + "()");
  }

  /** Somebody wakes the sleeper; the path is the waker's. */
  static void wake(KernelPath path, Scene scene) {
    path.into(
            WAKE_USERFAULT,
            "Looks through both queues for waiters whose address is in the range.",
            "range",
            scene.range())
        .into(
            USERFAULTFD_WAKE_FUNCTION,
            "Takes the waiter off its queue and makes the thread runnable.",
            "task",
            scene.who(),
            "msg.address",
            scene.address());
  }

  /** A signal ends the sleep. */
  static void signal(KernelPath path, Scene scene) {
    path.into(
        SIGNAL_WAKE_UP_STATE,
        "A signal makes the thread runnable: it will fault again, with a new message.",
        "task",
        scene.who());
  }
}
