package dev.faultscope.session.query;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Event;
import dev.faultscope.model.FaultKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.Wait;
import java.util.List;
import java.util.Locale;

/** What faults are put together by. */
public enum FaultGrouping {
  THREAD {
    @Override
    String keyOf(Wait wait, Timeline timeline) {
      return nameOf(wait.enqueue().actor(), timeline);
    }
  },
  REGION {
    @Override
    String keyOf(Wait wait, Timeline timeline) {
      Event enqueue = wait.enqueue();
      return enqueue.hasPages() ? timeline.regions().get(enqueue.region()).name() : UNKNOWN;
    }
  },
  KIND {
    @Override
    String keyOf(Wait wait, Timeline timeline) {
      return FaultKind.of(wait.enqueue().flags()).id();
    }
  },
  HANDLER {
    @Override
    String keyOf(Wait wait, Timeline timeline) {
      return wait.readNs() == null ? "unread" : nameOf(wait.handler(), timeline);
    }
  },
  IOCTL {
    @Override
    String keyOf(Wait wait, Timeline timeline) {
      UffdIoctl ioctl = wait.ioctl();
      return ioctl == null ? UNKNOWN : ioctl.name();
    }
  };

  private static final String UNKNOWN = "unknown";

  /** {@return the name of the group that a wait belongs to} */
  abstract String keyOf(Wait wait, Timeline timeline);

  /** {@return its name in a command line, and of the key in the answer} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static String nameOf(int actor, Timeline timeline) {
    List<Actor> actors = timeline.actors();
    return actor < actors.size() ? actors.get(actor).label() : UNKNOWN;
  }
}
