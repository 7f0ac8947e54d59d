package dev.faultscope.session.query;

import dev.faultscope.model.Actor;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.FaultKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.settings.Choice;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.Waits;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What faults are put together by. */
public enum FaultGrouping {
  THREAD {
    @Override
    int codeOf(Waits waits, long wait) {
      return waits.actor(wait);
    }

    @Override
    String nameOf(int code, Timeline timeline) {
      return actor(code, timeline);
    }
  },
  REGION {
    @Override
    int codeOf(Waits waits, long wait) {
      return waits.region(wait);
    }

    @Override
    String nameOf(int code, Timeline timeline) {
      return code == Event.NONE ? UNKNOWN : timeline.regions().get(code).name();
    }
  },
  KIND {
    @Override
    int codeOf(Waits waits, long wait) {
      return waits.origin(wait).code() << 16 | waits.flags(wait);
    }

    @Override
    String nameOf(int code, Timeline timeline) {
      return kind(FaultOrigin.ofCode(code >> 16), code & 0xffff);
    }
  },
  /** What the faults wait for. */
  ORIGIN {
    @Override
    int codeOf(Waits waits, long wait) {
      return waits.origin(wait).code();
    }

    @Override
    String nameOf(int code, Timeline timeline) {
      return FaultOrigin.ofCode(code).id();
    }
  },
  HANDLER {
    @Override
    int codeOf(Waits waits, long wait) {
      if (waits.origin(wait) != FaultOrigin.UFFD) {
        return NO_MESSAGE;
      }
      return waits.isRead(wait) ? waits.handler(wait) : NOBODY;
    }

    @Override
    String nameOf(int code, Timeline timeline) {
      if (code == NO_MESSAGE) {
        return "none";
      }
      return code == NOBODY ? "unread" : actor(code, timeline);
    }
  },
  IOCTL {
    @Override
    int codeOf(Waits waits, long wait) {
      return waits.ioctl(wait);
    }

    @Override
    String nameOf(int code, Timeline timeline) {
      return code == Waits.UNKNOWN ? UNKNOWN : UffdIoctl.ofCode(code).name();
    }
  },
  /** What was decided before the thread was put to sleep, or while it waited for the kernel. */
  CAUSE {
    @Override
    int codeOf(Waits waits, long wait) {
      return waits.reason(wait);
    }

    @Override
    String nameOf(int code, Timeline timeline) {
      return code == Waits.UNKNOWN ? UNKNOWN : DecideReason.ofCode(code).word();
    }
  };

  private static final String UNKNOWN = "unknown";
  private static final int NOBODY = -1;
  private static final int NO_MESSAGE = -2;

  /** {@return a number that stands for the group of a wait} */
  abstract int codeOf(Waits waits, long wait);

  /** {@return the name of a group} */
  abstract String nameOf(int code, Timeline timeline);

  /** {@return its name in a command line or address, and of the key in the answer} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@return the grouping of a name}
   *
   * @throws IllegalArgumentException if there is none; the message names those there are
   */
  public static FaultGrouping named(String id) {
    return Choice.of("group-by", List.of(values()), FaultGrouping::id, id);
  }

  /** {@return which fault it is; those of a userfaultfd are told apart by their message} */
  static String kind(FaultOrigin origin, int flags) {
    return origin == FaultOrigin.UFFD ? FaultKind.of(flags).id() : origin.id();
  }

  /** {@return the name of a decision by its code, as the statistics call it; null for none} */
  static @Nullable String cause(int reason) {
    return reason == Waits.UNKNOWN ? null : DecideReason.ofCode(reason).id();
  }

  static String actor(int index, Timeline timeline) {
    List<Actor> actors = timeline.actors();
    return index < actors.size() ? actors.get(index).label() : UNKNOWN;
  }
}
