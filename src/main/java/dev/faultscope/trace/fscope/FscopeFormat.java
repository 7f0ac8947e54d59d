package dev.faultscope.trace.fscope;

import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineException;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.trace.input.ImportLog;
import dev.faultscope.trace.input.ImportOptions;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.ImportReport;
import dev.faultscope.trace.input.ProgressMeter;
import dev.faultscope.trace.input.RecordingTarget;
import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.input.TraceFile;
import dev.faultscope.trace.input.TraceFormat;
import dev.faultscope.trace.input.TraceHead;
import java.io.IOException;
import java.util.OptionalInt;

/** This program's own binary recording (docs/trace-format.md). */
public final class FscopeFormat implements TraceFormat {
  @Override
  public String source() {
    return "fscope";
  }

  @Override
  public String text() {
    return "Faultscope recording (.fscope)";
  }

  @Override
  public OptionalInt firstSign(TraceHead head) {
    return head.begins("\u0089FSCOPE\n");
  }

  @Override
  public boolean isRecording() {
    return true;
  }

  /** Copies it event by event, which also mends one that was not finished. */
  @Override
  public ImportReport read(
      TraceFile file, ImportOptions options, RecordingTarget target, ImportProgress progress)
      throws IOException, TraceException {
    ImportLog log = new ImportLog();
    try (Timeline timeline = RecordingFile.open(file.path(), options.title())) {
      TimelineInfo info = timeline.info();
      String kept = info.title().isBlank() ? options.title() : info.title();
      Recorder recorder = target.begin(new TimelineInfo(kept, info.source(), info.originNs()));
      timeline.bookmarks().forEach(recorder::bookmark);
      ProgressMeter meter =
          new ProgressMeter(progress, timeline.lastSequence() * TimelineCopy.RECORD_BYTES);
      TimelineCopy.copy(timeline, options.title(), recorder, meter);
      log.lost(
          timeline.recovery().inWords(options.title(), timeline.lastSequence(), timeline.endNs()));
      meter.finish();
    } catch (TimelineException e) {
      throw new TraceException(
          file.path().getFileName() + " is damaged at byte " + e.offset() + ": " + e.reason(), e);
    }
    return ImportReport.of(this, log, ImportReport.RegionsFrom.RECORDED);
  }
}
