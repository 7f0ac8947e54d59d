package dev.faultscope.trace;

import dev.faultscope.model.Backing;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.trace.input.ImportLog;
import dev.faultscope.trace.input.ImportOptions;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.ImportReport;
import dev.faultscope.trace.input.LineReader;
import dev.faultscope.trace.input.ProgressMeter;
import dev.faultscope.trace.input.RecordingTarget;
import dev.faultscope.trace.input.TraceFile;
import dev.faultscope.trace.input.TraceFormat;
import dev.faultscope.trace.input.TraceHead;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/** The recipe "a trace format" of CONTRIBUTING.md, carried out: touched pages, one a line. */
public final class ExampleFormat implements TraceFormat {
  private static final String MAGIC = "touched pages";

  @Override
  public String source() {
    return "example";
  }

  @Override
  public String text() {
    return "a list of touched pages";
  }

  @Override
  public OptionalInt firstSign(TraceHead head) {
    return head.begins(MAGIC);
  }

  @Override
  public ImportReport read(
      TraceFile file, ImportOptions options, RecordingTarget target, ImportProgress progress)
      throws IOException {
    ImportLog log = new ImportLog();
    ProgressMeter meter = new ProgressMeter(progress, file.bytes());
    try (InputStream in = file.open(meter)) {
      Recorder recorder = target.begin(new TimelineInfo(options.title(), source(), 0));
      recorder.region(new Region(0, "ram", 0x10000, Region.NO_GPA, 16, Backing.ANON, 0, false));
      EventDraft draft = new EventDraft();
      LineReader lines = new LineReader(in);
      lines.advance();
      while (lines.advance()) {
        int length = lines.end() - lines.start();
        String line = new String(lines.buffer(), lines.start(), length, StandardCharsets.US_ASCII);
        try {
          recorder.append(
              draft
                  .of(EventKind.TOUCH, lines.number())
                  .pages(0, Math.floorMod(Integer.parseInt(line), 16), 1));
        } catch (NumberFormatException _) {
          log.damagedLine(lines.number(), "no number of a page");
        }
      }
      log.lines(lines.number());
      log.tell(recorder);
    }
    meter.finish();
    return ImportReport.of(this, log, ImportReport.RegionsFrom.RECORDED);
  }
}
