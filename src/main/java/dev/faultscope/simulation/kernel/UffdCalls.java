package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.UffdIoctl;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything a handler can do with a userfaultfd. */
public final class UffdCalls {
  /** Bits of what {@link #poll} answers. */
  public static final int POLL_IN = 1;

  public static final int POLL_ERR = 8;

  private final Kernel kernel;
  private final RegisterIoctl register;
  private final FillIoctl fill;
  private final MoveIoctl move;
  private final WriteProtectIoctl writeProtect;

  UffdCalls(Kernel kernel) {
    this.kernel = kernel;
    register = new RegisterIoctl(kernel);
    fill = new FillIoctl(kernel);
    move = new MoveIoctl(kernel);
    writeProtect = new WriteProtectIoctl(kernel);
  }

  /**
   * What userfaultfd(2) answers.
   *
   * @param uffd the new userfaultfd, null where it failed
   */
  public record Opened(Errno errno, @Nullable Userfaultfd uffd) {}

  public Opened open(String name, Mm mm, int flags) {
    if ((flags & ~Userfaultfd.ALL_FLAGS) != 0) {
      return new Opened(Errno.EINVAL, null);
    }
    return new Opened(Errno.OK, kernel.newUffd(name, mm, flags));
  }

  /**
   * What UFFDIO_API answers; on failure features and ioctls are zeroed, as the kernel does.
   *
   * @param features everything the kernel supports
   * @param ioctls what the userfaultfd itself can do
   */
  public record ApiResult(Errno errno, long features, long ioctls) {}

  public ApiResult api(Task caller, Userfaultfd uffd, long api, long features) {
    Errno errno =
        uffd.isInitialised() || api != 0xaa || (features & ~UffdFeature.SUPPORTED) != 0
            ? Errno.EINVAL
            : Errno.OK;
    long call = call(caller, uffd, UffdIoctl.API, 0, 0, 0);
    if (errno == Errno.OK) {
      uffd.initialise(features);
    }
    returned(caller, uffd, UffdIoctl.API, call, 0, 0, 0, new IoctlResult(errno, 0), -1);
    return errno == Errno.OK
        ? new ApiResult(errno, UffdFeature.SUPPORTED, 0x8000_0000_0000_0003L)
        : new ApiResult(errno, 0, 0);
  }

  /** {@return errno, and in the field the mask of ioctls that the range accepts} */
  public IoctlResult register(Task caller, Userfaultfd uffd, long start, long bytes, long modes) {
    long call = call(caller, uffd, UffdIoctl.REGISTER, start, bytes, 0);
    IoctlResult result =
        uffd.isInitialised()
            ? register.register(caller, uffd, start, bytes, modes, call)
            : IoctlResult.fails(Errno.EINVAL);
    returned(caller, uffd, UffdIoctl.REGISTER, call, start, bytes, 0, result, -1);
    return result;
  }

  public IoctlResult unregister(Task caller, Userfaultfd uffd, long start, long bytes) {
    long call = call(caller, uffd, UffdIoctl.UNREGISTER, start, bytes, 0);
    IoctlResult result =
        uffd.isInitialised()
            ? register.unregister(caller, uffd, start, bytes, call)
            : IoctlResult.fails(Errno.EINVAL);
    returned(caller, uffd, UffdIoctl.UNREGISTER, call, start, bytes, 0, result, -1);
    return result;
  }

  public IoctlResult wake(Task caller, Userfaultfd uffd, long start, long bytes) {
    long call = call(caller, uffd, UffdIoctl.WAKE, start, bytes, 0);
    IoctlResult result;
    if (!uffd.isInitialised() || !Ranges.isValid(start, bytes)) {
      result = IoctlResult.fails(Errno.EINVAL);
    } else {
      wakeRange(uffd, start, bytes, call);
      result = IoctlResult.OK;
    }
    returned(caller, uffd, UffdIoctl.WAKE, call, start, bytes, 0, result, -1);
    return result;
  }

  /** COPY, ZEROPAGE, CONTINUE or POISON. */
  public IoctlResult fill(Task caller, Userfaultfd uffd, FillRequest request) {
    int flags = flags(request.ioctl(), request.mode());
    long call = call(caller, uffd, request.ioctl(), request.start(), request.bytes(), flags);
    IoctlResult result = fill.run(caller, uffd, request, call);
    if (result.field() > 0 && request.ioctl().wakes(request.mode())) {
      wakeRange(uffd, request.start(), result.field(), call);
    }
    returned(
        caller,
        uffd,
        request.ioctl(),
        call,
        request.start(),
        request.bytes(),
        flags,
        result,
        failedPage(request.start(), result));
    return result;
  }

  public IoctlResult move(
      Task caller, Userfaultfd uffd, long to, long from, long bytes, long mode) {
    int flags = flags(UffdIoctl.MOVE, mode);
    long call = call(caller, uffd, UffdIoctl.MOVE, to, bytes, flags);
    IoctlResult result = move.run(caller, uffd, to, from, bytes, mode, call);
    if (result.field() > 0 && UffdIoctl.MOVE.wakes(mode)) {
      wakeRange(uffd, to, result.field(), call);
    }
    returned(caller, uffd, UffdIoctl.MOVE, call, to, bytes, flags, result, failedPage(to, result));
    return result;
  }

  public IoctlResult writeProtect(
      Task caller, Userfaultfd uffd, long start, long bytes, long mode) {
    int flags = flags(UffdIoctl.WRITEPROTECT, mode);
    long call = call(caller, uffd, UffdIoctl.WRITEPROTECT, start, bytes, flags);
    IoctlResult result = writeProtect.run(caller, uffd, start, bytes, mode, call);
    if (result.errno() == Errno.OK && UffdIoctl.WRITEPROTECT.wakes(mode)) {
      wakeRange(uffd, start, bytes, call);
    }
    returned(caller, uffd, UffdIoctl.WRITEPROTECT, call, start, bytes, flags, result, -1);
    return result;
  }

  /** An ioctl number the kernel does not know. */
  public IoctlResult unknown(Task caller, Userfaultfd uffd) {
    long call = call(caller, uffd, UffdIoctl.UNKNOWN, 0, 0, 0);
    IoctlResult result = IoctlResult.fails(Errno.EINVAL);
    returned(caller, uffd, UffdIoctl.UNKNOWN, call, 0, 0, 0, result, -1);
    return result;
  }

  /**
   * What read(2) answers.
   *
   * @param errno EAGAIN also where a blocking read would sleep: then {@code wouldSleep} says so
   */
  public record ReadResult(Errno errno, List<UffdMessage> messages, boolean wouldSleep) {}

  /** Reads as many messages as fit: faults before events, each in the order they came. */
  public ReadResult read(Task reader, Userfaultfd uffd, long bufferBytes) {
    if (!uffd.isInitialised() || bufferBytes < UffdMessage.BYTES) {
      return new ReadResult(Errno.EINVAL, List.of(), false);
    }
    List<UffdMessage> messages = new ArrayList<>();
    while (messages.size() < bufferBytes / UffdMessage.BYTES && uffd.isReadable()) {
      messages.add(readOne(reader, uffd));
    }
    if (messages.isEmpty()) {
      return new ReadResult(Errno.EAGAIN, messages, !uffd.isNonblocking());
    }
    return new ReadResult(Errno.OK, messages, false);
  }

  /** Reads one message; the userfaultfd must be readable. */
  public UffdMessage readOne(Task reader, Userfaultfd uffd) {
    kernel.counters().read();
    Waiter waiter = uffd.take();
    if (waiter != null) {
      kernel.journal().read(waiter, reader);
      return waiter.message;
    }
    EventWait event = uffd.events.remove();
    reader.lastRead =
        kernel
            .journal()
            .kernel(EventKinds.of(event.message()), reader.actor(), null, 0, 0, event.task().cause);
    event.task().cause = reader.lastRead;
    kernel.threads().wakeUp(event.task());
    return event.message();
  }

  /** {@return {@link #POLL_IN}, {@link #POLL_ERR} or 0} */
  public int poll(Userfaultfd uffd) {
    if (!uffd.isInitialised() || !uffd.isNonblocking()) {
      return POLL_ERR;
    }
    return uffd.isReadable() ? POLL_IN : 0;
  }

  /** The last close: every range loses the userfaultfd, everybody wakes. */
  public void close(Task caller, Userfaultfd uffd) {
    uffd.release();
    long cause = kernel.journal().kernel(KernelEventKind.UFFD_CLOSE, caller.actor(), null, 0, 0, 0);
    for (Vma vma : uffd.mm().all()) {
      if (vma.uffd == uffd) {
        register.clear(caller, vma, cause);
      }
    }
    uffd.mm().mergeAround(0, Mm.TASK_SIZE);
    wakeRange(uffd, 0, Long.MAX_VALUE, cause);
    while (!uffd.events.isEmpty()) {
      kernel.threads().wakeUp(uffd.events.remove().task());
    }
  }

  void wakeRange(Userfaultfd uffd, long start, long bytes, long cause) {
    for (Waiter waiter : uffd.waitersIn(start, bytes)) {
      uffd.leave(waiter);
      kernel.journal().wake(waiter, cause);
      kernel.threads().wakeUp(waiter.task);
    }
  }

  private static int flags(UffdIoctl ioctl, long mode) {
    return ioctl.isDontWake(mode) ? EventFlags.DONTWAKE : 0;
  }

  private static long failedPage(long start, IoctlResult result) {
    if (result.errno() == Errno.OK || result.field() == IoctlResult.UNTOUCHED) {
      return -1;
    }
    return (start + Math.max(0, result.field())) & -PAGE_BYTES;
  }

  private long call(
      Task caller, Userfaultfd uffd, UffdIoctl ioctl, long start, long bytes, int flags) {
    return kernel.journal().call(caller, ioctl, uffd.mm(), start, bytes, flags);
  }

  private void returned(
      Task caller,
      Userfaultfd uffd,
      UffdIoctl ioctl,
      long call,
      long start,
      long bytes,
      int flags,
      IoctlResult result,
      long failedAt) {
    kernel.counters().ioctl(ioctl, result.errno());
    kernel
        .journal()
        .returned(caller, ioctl, call, uffd.mm(), start, bytes, flags, result.errno(), failedAt);
  }
}
