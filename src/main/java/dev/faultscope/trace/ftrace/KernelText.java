package dev.faultscope.trace.ftrace;

import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.trace.input.ImportLog;
import dev.faultscope.trace.input.ImportOptions;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.ImportReport;
import dev.faultscope.trace.input.ProgressMeter;
import dev.faultscope.trace.input.RecordingTarget;
import dev.faultscope.trace.input.RegionFile;
import dev.faultscope.trace.input.RegionSpec;
import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.input.TraceFile;
import dev.faultscope.trace.input.TraceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Kernel events as text; its three forms differ in how a line begins, and are read alike. */
abstract sealed class KernelText implements TraceFormat
    permits FtraceFormat, TraceCmdFormat, PerfScriptFormat {
  @Override
  public final ImportReport read(
      TraceFile file, ImportOptions options, RecordingTarget target, ImportProgress progress)
      throws IOException, TraceException {
    ImportLog log = new ImportLog();
    List<RegionSpec> regions = options.regions();
    ImportReport.RegionsFrom from = ImportReport.RegionsFrom.TOLD;
    Path sidecar = regions.isEmpty() ? RegionFile.beside(file.path()) : null;
    if (sidecar != null) {
      regions = RegionFile.read(sidecar);
      from = ImportReport.RegionsFrom.SIDECAR;
    }
    boolean survey = regions.isEmpty();
    ProgressMeter meter = new ProgressMeter(progress, survey ? 2 * file.bytes() : file.bytes());
    long origin = FtraceImport.originOf(file, new ProgressMeter(ImportProgress.NONE, 0));
    if (survey) {
      regions = FtraceImport.survey(file, options.hostFaults(), meter, log);
      from = ImportReport.RegionsFrom.INFERRED;
      if (regions.isEmpty()) {
        log.note("no region was told, and the trace has no fault to conclude one from");
      }
    }
    RegionSpec.requireTogether(regions);
    Recorder recorder = target.begin(new TimelineInfo(options.title(), source(), origin));
    FtraceImport.run(file, regions, survey, origin, options.hostFaults(), recorder, meter, log);
    log.tell(recorder);
    meter.finish();
    return ImportReport.of(this, log, from);
  }
}
