package dev.faultscope.session.query;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.PageState;
import java.util.List;
import java.util.Locale;

/** Who takes part in the story of a fault, in the order in which they are drawn. */
enum StoryLane {
  GUEST("guest"),
  KVM("KVM"),
  HOST_MM("host mm"),
  USERFAULTFD("userfaultfd"),
  HANDLER("handler"),
  VMM("VMM"),
  /** What no one of them did: a remark kept with the recording. */
  RECORDING("recording");

  private static final int STAGE2_FACTS =
      PageState.STAGE2
          | PageState.STAGE2_READ_ONLY
          | PageState.STAGE2_MMIO
          | PageState.LEAF_2M
          | PageState.LEAF_1G
          | PageState.USERFAULT;

  private final String text;

  StoryLane(String text) {
    this.text = text;
  }

  /** {@return a name for machines: lower case, no spaces} */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return its name for people} */
  String text() {
    return text;
  }

  /** Where a step goes from and to; the same lane for what concerns one alone. */
  record Way(StoryLane from, StoryLane to) {
    private static Way within(StoryLane lane) {
      return new Way(lane, lane);
    }

    /** Where the kernel itself is waited for, nothing leaves it. */
    private static Way toWaitFor(FaultOrigin origin, StoryLane from, StoryLane to) {
      return switch (origin) {
        case UFFD -> new Way(from, to);
        case STAGE2 -> within(KVM);
        case KVM, HOST -> within(HOST_MM);
      };
    }
  }

  /**
   * {@return the way of an event}
   *
   * @param cause what led to it, itself where that is not known
   * @param thread whose access it is, {@link Event#NONE} for nobody's
   * @param sleeper the lane that the access came from
   */
  static Way of(Event event, Event cause, int thread, StoryLane sleeper, List<Actor> actors) {
    StoryLane acting = acting(event.actor(), thread, actors);
    return switch (event.kind()) {
      case TOUCH -> access(event, sleeper, acting);
      case RETRY -> new Way(sleeper, sleeper == GUEST && isStageTwo(cause) ? KVM : HOST_MM);
      case DECIDE -> decide(DecideReason.ofCode(event.detail()));
      case ENQUEUE -> Way.toWaitFor(FaultOrigin.ofCode(event.detail()), HOST_MM, USERFAULTFD);
      case READ -> Way.toWaitFor(FaultOrigin.ofCode(event.detail()), USERFAULTFD, HANDLER);
      case CALL -> new Way(acting, USERFAULTFD);
      case IOCTL -> new Way(USERFAULTFD, acting);
      case INSTALL -> install(event, cause, acting);
      case WAKE -> wake(event, event.actor() == thread ? sleeper : GUEST);
      case EXIT -> exit(ExitReason.ofCode(event.detail()));
      case HOLE -> hole(event, acting);
      case KERNEL -> kernel(KernelEventKind.ofCode(event.detail()), acting);
      case REGION -> Way.within(event.cause() == 0 ? HOST_MM : USERFAULTFD);
      case NOTE -> Way.within(RECORDING);
    };
  }

  /** {@return the lane that an access comes from} */
  static StoryLane sleeper(Event touch) {
    return switch (AccessOrigin.ofCode(touch.detail())) {
      case KVM -> KVM;
      case VMM -> VMM;
      case STAGE2, USER, KERNEL, UNKNOWN -> GUEST;
    };
  }

  /** A vCPU's thread that makes system calls is in the VMM. */
  private static StoryLane acting(int index, int thread, List<Actor> actors) {
    ActorKind kind = index < actors.size() ? actors.get(index).kind() : ActorKind.UNKNOWN;
    return switch (kind) {
      case VCPU -> VMM;
      case HANDLER -> HANDLER;
      case KVM -> KVM;
      case KERNEL -> HOST_MM;
      case THREAD, UNKNOWN -> index == thread || index >= actors.size() ? GUEST : VMM;
    };
  }

  private static Way kernel(KernelEventKind what, StoryLane acting) {
    return switch (what) {
      case HOST_PAGE, MMU_NOTIFIER, AGED -> new Way(HOST_MM, KVM);
      case ZAP_ALL, LEAF_SPLIT -> Way.within(KVM);
      case UNKNOWN,
          SCHED_IN,
          SCHED_OUT_SLEEP,
          SCHED_OUT_PREEMPTED,
          UFFD_FORK,
          UFFD_REMAP,
          UFFD_REMOVE,
          UFFD_UNMAP,
          SIGNAL,
          UFFD_CLOSE,
          PAGE_TABLE_WALK,
          THREAD_EXIT,
          FILE_WRITE ->
          acting == GUEST ? Way.within(HOST_MM) : new Way(acting, HOST_MM);
    };
  }

  private static Way wake(Event event, StoryLane sleeper) {
    return switch (FaultOrigin.ofCode(event.detail())) {
      case UFFD -> new Way(USERFAULTFD, sleeper);
      case STAGE2 -> new Way(KVM, sleeper);
      case KVM, HOST -> new Way(HOST_MM, sleeper);
    };
  }

  private static Way hole(Event event, StoryLane acting) {
    if (HoleKind.ofCode(event.detail()) == HoleKind.STAGE2_ZAP) {
      return Way.within(KVM);
    }
    return acting == GUEST ? Way.within(HOST_MM) : new Way(acting, HOST_MM);
  }

  private static boolean isStageTwo(Event touch) {
    return AccessOrigin.ofCode(touch.detail()) == AccessOrigin.STAGE2;
  }

  private static Way access(Event touch, StoryLane sleeper, StoryLane acting) {
    return switch (AccessOrigin.ofCode(touch.detail())) {
      case STAGE2 -> new Way(GUEST, KVM);
      case KVM -> new Way(KVM, HOST_MM);
      case VMM -> new Way(VMM, HOST_MM);
      case USER, KERNEL, UNKNOWN -> new Way(sleeper == GUEST ? GUEST : acting, HOST_MM);
    };
  }

  private static Way decide(DecideReason reason) {
    return switch (reason) {
      case STAGE2_GUP, STAGE2_UPGRADE, NO_DIRECT_MAP, KVM_USER_MAPPING, GUP_REFUSED ->
          new Way(KVM, HOST_MM);
      case USERFAULT_BIT,
          ATTRIBUTE_MISMATCH,
          GMEM_DIRECT,
          GMEM_ZEROED,
          STAGE2_MAPPED,
          STAGE2_FILLED,
          NO_SLOT,
          USERFAULT_UNREADABLE,
          USERFAULT_CLEAR,
          USERFAULT_UNSEEN,
          MAPPED_FIRST,
          MAPPED_AGAIN,
          MADE_WRITABLE,
          FAST_FIXED,
          RETRIED,
          SPURIOUS,
          EMULATED,
          ASYNC ->
          Way.within(KVM);
      case UNKNOWN,
          CACHED_MINOR,
          ABSENT_MISSING,
          ANON_MISSING,
          WRITE_PROTECTED,
          CACHED_MAPPED,
          ABSENT_ZEROED,
          PRESENT,
          ANSWERED,
          NOT_ANSWERED,
          NO_RETRY,
          SIGBUS_FEATURE,
          USER_MODE_ONLY,
          POISONED,
          BEYOND_EOF,
          COPY_ON_WRITE,
          GMEM_FULL_MINOR,
          ALREADY_QUEUED,
          OUTSIDE,
          WP_ASYNC,
          GMEM_PRIVATE ->
          Way.within(HOST_MM);
    };
  }

  private static Way install(Event event, Event cause, StoryLane acting) {
    int changed = event.before() ^ event.after();
    boolean stageTwo = changed != 0 && (changed & ~(STAGE2_FACTS | PageState.DIRTY)) == 0;
    StoryLane facts = stageTwo && (changed & STAGE2_FACTS) != 0 ? KVM : HOST_MM;
    return switch (cause.kind()) {
      case CALL, IOCTL -> new Way(USERFAULTFD, HOST_MM);
      case TOUCH, DECIDE, RETRY, KERNEL, EXIT, HOLE -> Way.within(facts);
      case ENQUEUE ->
          acting == GUEST || FaultOrigin.ofCode(cause.detail()) != FaultOrigin.UFFD
              ? Way.within(facts)
              : new Way(acting, facts);
      case READ, INSTALL, WAKE, REGION, NOTE ->
          acting == GUEST ? Way.within(facts) : new Way(acting, facts);
    };
  }

  private static Way exit(ExitReason reason) {
    return switch (reason) {
      case ENTRY -> new Way(KVM, GUEST);
      case IO,
          DEBUG,
          MMIO,
          SHUTDOWN,
          FAIL_ENTRY,
          INTR,
          INTERNAL_ERROR,
          MEMORY_FAULT,
          ERROR,
          RESTART ->
          new Way(KVM, VMM);
      case UNKNOWN, EXCEPTION, HLT, STAGE2_FAULT, STAGE2_MISCONFIG, INTERRUPT, MMIO_ACCESS ->
          new Way(GUEST, KVM);
    };
  }
}
