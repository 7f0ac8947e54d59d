package dev.faultscope.trace.ndjson;

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
import java.util.regex.Pattern;

/** This program's own text form: one event a line (docs/ndjson-format.md). */
public final class NdjsonFormat implements TraceFormat {
  private static final Pattern HEADER = Pattern.compile("\\s*\\{\"faultscope\"");

  @Override
  public String source() {
    return "ndjson";
  }

  @Override
  public String text() {
    return "Faultscope events, one JSON object a line (.ndjson)";
  }

  @Override
  public OptionalInt firstSign(TraceHead head) {
    return HEADER.matcher(head.text()).lookingAt() ? OptionalInt.of(0) : OptionalInt.empty();
  }

  @Override
  public ImportReport read(
      TraceFile file, ImportOptions options, RecordingTarget target, ImportProgress progress)
      throws IOException, TraceException {
    ImportLog log = new ImportLog();
    ProgressMeter meter = new ProgressMeter(progress, file.bytes());
    NdjsonReader.read(file, options.title(), target::begin, meter, log);
    meter.finish();
    return ImportReport.of(this, log, ImportReport.RegionsFrom.RECORDED);
  }
}
