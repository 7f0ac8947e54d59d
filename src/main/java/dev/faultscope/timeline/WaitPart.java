package dev.faultscope.timeline;

import dev.faultscope.model.FaultOrigin;

/**
 * How long a wait took, whole or in part, from the times that a recording tells of it. Nanoseconds;
 * {@link #UNTOLD} where it does not tell enough. Each is said of a userfaultfd; what it is of a
 * wait for the kernel itself, {@link #word} says.
 */
public enum WaitPart {
  /** From queue to wake. */
  LATENCY {
    @Override
    long of(long enqueued, long read, long called, long ended, long retried) {
      return between(enqueued, ended);
    }
  },
  /** From queue to the next try, or to the wake where that is not told. */
  WAIT {
    @Override
    long of(long enqueued, long read, long called, long ended, long retried) {
      return between(enqueued, retried == UNTOLD ? ended : retried);
    }
  },
  /** How long its message lay unread. */
  UNREAD {
    @Override
    long of(long enqueued, long read, long called, long ended, long retried) {
      return between(enqueued, read);
    }
  },
  /** From the read to the call of the ioctl that woke it; 0 where that was under way. */
  READ_TO_IOCTL {
    @Override
    long of(long enqueued, long read, long called, long ended, long retried) {
      long ns = between(read, called);
      return ns == UNTOLD ? UNTOLD : Math.max(0, ns);
    }
  },
  /** From the ioctl's call to the wake, as far as it is after the read. */
  IOCTL {
    @Override
    long of(long enqueued, long read, long called, long ended, long retried) {
      long from = Math.max(called, read == UNTOLD ? enqueued : read);
      return called == UNTOLD ? UNTOLD : between(from, ended);
    }
  },
  /** From the wake to the next try. */
  WAKE_TO_RETRY {
    @Override
    long of(long enqueued, long read, long called, long ended, long retried) {
      return between(ended, retried);
    }
  },
  /** What of {@link #WAIT} is in none of the four parts. */
  UNATTRIBUTED {
    @Override
    long of(long enqueued, long read, long called, long ended, long retried) {
      long rest = WAIT.of(enqueued, read, called, ended, retried);
      if (rest == UNTOLD) {
        return UNTOLD;
      }
      for (WaitPart part : PARTS) {
        long ns = part.of(enqueued, read, called, ended, retried);
        rest -= ns == UNTOLD ? 0 : ns;
      }
      return rest;
    }
  };

  /** In place of a time or a duration that a recording does not tell. */
  public static final long UNTOLD = Long.MIN_VALUE;

  private static final WaitPart[] PARTS = {UNREAD, READ_TO_IOCTL, IOCTL, WAKE_TO_RETRY};

  /** {@return what it is called in a wait for something, in a few words} */
  public String word(FaultOrigin origin) {
    boolean uffd = origin == FaultOrigin.UFFD;
    boolean stage2 = origin == FaultOrigin.STAGE2;
    return switch (this) {
      case LATENCY -> uffd ? "queue to wake" : stage2 ? "exit to entry" : "fault to its end";
      case WAIT -> "waited";
      case UNREAD -> uffd ? "unread" : stage2 ? "exit to KVM's look" : "fault to the kernel's look";
      case READ_TO_IOCTL -> uffd ? "read to ioctl" : "to the host page";
      case IOCTL -> uffd ? "ioctl" : stage2 ? "to the entry" : "to its end";
      case WAKE_TO_RETRY -> "wake to retry";
      case UNATTRIBUTED -> uffd ? "not known" : "the rest";
    };
  }

  /** {@return how long, from the times of a wait, each {@link #UNTOLD} where it is not known} */
  abstract long of(long enqueued, long read, long called, long ended, long retried);

  private static long between(long from, long to) {
    return from == UNTOLD || to == UNTOLD ? UNTOLD : to - from;
  }
}
