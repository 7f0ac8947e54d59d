package dev.faultscope.session;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** Small recordings for tests: two vCPUs and a handler, page by page. */
public final class RecordedSessions {
  /** Actor index of the handler. */
  public static final int HANDLER = 2;

  private RecordedSessions() {}

  /** {@return a session over a recording of some random faults} */
  public static Session faults(Path file, long seed, int faults, int pages) throws IOException {
    return of(write(file, seed, faults, pages));
  }

  /** {@return a session over a recording that is there in whole} */
  public static Session of(RecordingFile recording) {
    return of(recording.timeline());
  }

  /** {@return a session over a timeline that is there in whole} */
  public static Session of(Timeline timeline) {
    return new Session(
        "0123456789abcdef",
        0x7777_7777,
        timeline,
        new Progress(Progress.State.COMPLETE, 1, 1, null));
  }

  /** Writes a recording of some random faults, each with its whole life. */
  public static RecordingFile write(Path file, long seed, int faults, int pages)
      throws IOException {
    RecordingFile recording =
        RecordingFile.create(file, new TimelineInfo("test recording", "simulation", 0));
    declare(recording, pages);
    Random random = new Random(seed);
    long time = 0;
    for (int i = 0; i < faults; i++) {
      time += 1000 + random.nextInt(1000);
      fault(recording, random.nextInt(2), random.nextInt(pages), time);
    }
    recording.complete();
    return recording;
  }

  /** Declares a region of guest memory with another beside it, two vCPUs and a handler. */
  public static void declare(Recorder recorder, int pages) {
    recorder.region(
        new Region(
            0, "guest-ram", 0x7f00_0000_0000L, 0, pages, Backing.MEMFD, Region.MINOR, false));
    recorder.region(
        new Region(
            1,
            "other",
            0x7f80_0000_0000L,
            Region.NO_GPA,
            100,
            Backing.ANON,
            Region.MISSING,
            false));
    recorder.actor(new Actor(0, ActorKind.VCPU, "vcpu0", 100, 0));
    recorder.actor(new Actor(1, ActorKind.VCPU, "vcpu1", 101, 1));
    recorder.actor(new Actor(HANDLER, ActorKind.HANDLER, "handler", 102, -1));
  }

  /** One fault from touch to wake: six events. */
  public static void fault(Recorder recorder, int actor, int page, long timeNs) {
    fault(recorder, actor, 0, page, timeNs);
  }

  /** The same in any region. */
  public static void fault(Recorder recorder, int actor, int region, int page, long timeNs) {
    EventDraft draft = new EventDraft();
    int flags = EventFlags.WRITE | EventFlags.MINOR;
    long touch =
        recorder.append(
            draft
                .of(EventKind.TOUCH, timeNs)
                .pages(region, page, 1)
                .actor(actor)
                .flags(EventFlags.WRITE));
    long enqueue =
        recorder.append(
            draft
                .of(EventKind.ENQUEUE, timeNs + 100)
                .pages(region, page, 1)
                .actor(actor)
                .flags(flags)
                .change(0, PageState.QUEUED | PageState.MINOR)
                .cause(touch));
    long read =
        recorder.append(
            draft
                .of(EventKind.READ, timeNs + 200)
                .pages(region, page, 1)
                .actor(HANDLER)
                .flags(flags)
                .change(PageState.QUEUED, PageState.READ)
                .cause(enqueue));
    long call =
        recorder.append(
            draft
                .of(EventKind.CALL, timeNs + 300)
                .detail(UffdIoctl.CONTINUE.code())
                .pages(region, page, 1)
                .actor(HANDLER)
                .cause(read));
    long ioctl =
        recorder.append(
            draft
                .of(EventKind.IOCTL, timeNs + 400)
                .detail(UffdIoctl.CONTINUE.code())
                .pages(region, page, 1)
                .actor(HANDLER)
                .change(PageState.WAITING, PageState.MAPPED | PageState.CACHED)
                .cause(call));
    recorder.append(
        draft.of(EventKind.WAKE, timeNs + 500).pages(region, page, 1).actor(actor).cause(ioctl));
  }
}
