package dev.faultscope.session.live;

import dev.faultscope.live.handler.WaitingFault;
import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Event;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.run.Capabilities;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.timeline.Timeline;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What can be done to real memory from another process, and why the rest cannot. */
final class LiveAbilities {
  static final String NO_PACE = "A real kernel goes as fast as it goes: hold faults and step.";
  static final String NO_FORK =
      "What a real kernel did cannot be done again: start the scenario once more.";
  static final String NO_READ =
      "The handler has read every message already: a fault shows when it is read.";
  static final String NO_SOURCE =
      "A live COPY takes its bytes from the memory file, or one byte: another page of the process"
          + " cannot be read from here.";

  private LiveAbilities() {}

  /** {@return why an ioctl cannot be made by hand; empty where it can} */
  static String whyNot(UffdIoctl ioctl) {
    return switch (ioctl) {
      case REGISTER ->
          "A range is registered by the process whose memory it is, before it hands the userfaultfd"
              + " over.";
      case MOVE ->
          "MOVE takes pages of the caller's own memory: only the process itself can make it.";
      case API, UNKNOWN -> ioctl + " has no range.";
      // It is about its range alone.
      default -> "";
    };
  }

  static Capabilities of(RunPhase phase, boolean holds, LiveProcess process) {
    Map<UffdIoctl, String> ioctls = new EnumMap<>(UffdIoctl.class);
    for (UffdIoctl each : UffdIoctl.values()) {
      if (each.hasRange()) {
        ioctls.put(each, whyNot(each));
      }
    }
    boolean steps = phase == RunPhase.WAITING || (phase == RunPhase.RUNNING && holds);
    return new Capabilities(
        steps ? List.of(RunCommand.Unit.values()) : List.of(),
        NO_PACE,
        NO_FORK,
        NO_READ,
        phase.isOver() || phase == RunPhase.STARTING ? "Its process is not there." : "",
        NO_SOURCE,
        process.injections(),
        ioctls);
  }

  /** {@return a fault that is held, in the numbers of the recording} */
  static RunStatus.Waiting waiting(Timeline timeline, String uffd, WaitingFault fault) {
    boolean recorded = fault.sequence() <= timeline.lastSequence();
    Event queued = recorded ? timeline.event(fault.sequence()) : null;
    return new RunStatus.Waiting(
        fault.sequence(),
        uffd,
        queued == null ? fault.region() : queued.region(),
        fault.page(),
        (int) fault.flags(),
        queued == null ? fault.actor() : queued.actor(),
        true,
        true,
        fault.sinceNs(),
        fault.origin().origin() == AccessOrigin.UNKNOWN ? "" : fault.origin().text());
  }
}
