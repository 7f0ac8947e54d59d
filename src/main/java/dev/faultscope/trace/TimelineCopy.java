package dev.faultscope.trace;

import dev.faultscope.model.Event;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineException;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.trace.input.ImportLog;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.ProgressMeter;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.nio.file.Path;

/** Copies one timeline into another recording, record by record. */
public final class TimelineCopy {
  private static final int RECORD_BYTES = 32;
  private static final int BATCH = 1 << 14;

  private TimelineCopy() {}

  static ImportReport importRecording(
      Path source, String title, RecordingTarget target, ImportProgress progress)
      throws IOException, TraceException {
    ImportLog log = new ImportLog();
    try (Timeline timeline = RecordingFile.open(source)) {
      TimelineInfo info = timeline.info();
      String kept = info.title().isBlank() ? title : info.title();
      Recorder recorder = target.begin(new TimelineInfo(kept, info.source(), info.originNs()));
      ProgressMeter meter = new ProgressMeter(progress, timeline.lastSequence() * RECORD_BYTES);
      copy(timeline, recorder, meter);
      if (timeline.recovery().partial()) {
        String lost = "the recording is not whole: " + timeline.recovery().reason();
        log.note(lost);
        recorder.note(lost);
      }
      meter.finish();
    } catch (TimelineException e) {
      throw new TraceException(
          source.getFileName() + " is damaged at byte " + e.offset() + ": " + e.reason(), e);
    }
    return new ImportReport(
        TraceFormat.FSCOPE,
        0,
        log.unknownEvents(),
        0,
        log.damaged(),
        0,
        ImportReport.RegionsFrom.RECORDED,
        log.notes());
  }

  /** Copies everything a timeline holds now; sequence numbers stay the same. */
  public static void copy(Timeline from, Recorder to, ProgressMeter meter) {
    from.regions().forEach(to::region);
    from.actors().forEach(to::actor);
    from.notes().forEach(to::note);
    EventDraft draft = new EventDraft();
    long last = from.lastSequence();
    for (long sequence = 1; sequence <= last; sequence++) {
      Event event = from.event(sequence);
      to.append(
          draft
              .of(event.kind(), event.timeNs())
              .detail(event.detail())
              .flags(event.flags())
              .pages(event.region(), event.firstPage(), event.pageCount())
              .actor(event.actor())
              .change(0xffff, event.after())
              .errno(event.errno())
              .cause(event.cause()));
      if (sequence % BATCH == 0) {
        meter.add((long) BATCH * RECORD_BYTES);
      }
    }
  }
}
