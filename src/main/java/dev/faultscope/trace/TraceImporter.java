package dev.faultscope.trace;

import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.trace.ftrace.FtraceImport;
import dev.faultscope.trace.input.ImportCancelledException;
import dev.faultscope.trace.input.ImportLog;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.ProgressMeter;
import dev.faultscope.trace.input.RegionSpec;
import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.input.TraceFile;
import dev.faultscope.trace.ndjson.NdjsonReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads a file of any supported format into a recording.
 *
 * <p>Memory used does not depend on the size of the file. Not safe for several threads; make one
 * per import.
 */
public final class TraceImporter {
  private TraceImporter() {}

  /**
   * {@return the format of a file, by its content}
   *
   * @throws TraceException if it cannot be read or is no recording
   */
  public static TraceFormat formatOf(Path source) throws TraceException {
    TraceFile file = TraceFile.of(source);
    try {
      return FormatDetector.detect(
          file.head(FormatDetector.HEAD_BYTES), String.valueOf(source.getFileName()));
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  /**
   * Imports a file.
   *
   * @param target opens the recording once the format and the time of its origin are known
   * @param progress told how far it is, and asked whether to go on
   * @return what was found and what could not be used
   * @throws TraceException if the file cannot be read at all; a damaged part of it is reported, not
   *     thrown
   * @throws ImportCancelledException if the listener asked to stop
   */
  public static ImportReport importTrace(
      Path source, ImportOptions options, RecordingTarget target, ImportProgress progress)
      throws TraceException {
    TraceFile file = TraceFile.of(source);
    String name = String.valueOf(source.getFileName());
    String title = options.title().isBlank() ? name : options.title();
    try {
      TraceFormat format = FormatDetector.detect(file.head(FormatDetector.HEAD_BYTES), name);
      return switch (format) {
        case FSCOPE -> TimelineCopy.importRecording(source, title, target, progress);
        case NDJSON -> importNdjson(file, title, target, progress);
        case FTRACE, TRACE_CMD, PERF_SCRIPT ->
            importText(file, format, options.regions(), title, target, progress);
      };
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private static ImportReport importNdjson(
      TraceFile file, String title, RecordingTarget target, ImportProgress progress)
      throws IOException, TraceException {
    ImportLog log = new ImportLog();
    ProgressMeter meter = new ProgressMeter(progress, file.bytes());
    NdjsonReader.read(file, title, target::begin, meter, log);
    meter.finish();
    return report(TraceFormat.NDJSON, log, ImportReport.RegionsFrom.RECORDED);
  }

  private static ImportReport importText(
      TraceFile file,
      TraceFormat format,
      List<RegionSpec> told,
      String title,
      RecordingTarget target,
      ImportProgress progress)
      throws IOException, TraceException {
    ImportLog log = new ImportLog();
    List<RegionSpec> regions = told;
    ImportReport.RegionsFrom from = ImportReport.RegionsFrom.TOLD;
    Path sidecar = told.isEmpty() ? RegionFile.beside(file.path()) : null;
    if (sidecar != null) {
      regions = RegionFile.read(sidecar);
      from = ImportReport.RegionsFrom.SIDECAR;
    }
    boolean survey = regions.isEmpty();
    ProgressMeter meter = new ProgressMeter(progress, survey ? 2 * file.bytes() : file.bytes());
    long origin = FtraceImport.originOf(file, new ProgressMeter(ImportProgress.NONE, 0));
    if (survey) {
      regions = FtraceImport.survey(file, meter, log);
      from = ImportReport.RegionsFrom.INFERRED;
      if (regions.isEmpty()) {
        log.note("no region was told, and no fault was answered by a userfaultfd ioctl");
      }
    }
    RegionSpec.requireTogether(regions);
    Recorder recorder = target.begin(new TimelineInfo(title, format.source(), origin));
    FtraceImport.run(file, regions, survey, origin, recorder, meter, log);
    log.tell(recorder);
    meter.finish();
    return report(format, log, from);
  }

  private static ImportReport report(
      TraceFormat format, ImportLog log, ImportReport.RegionsFrom from) {
    return new ImportReport(
        format,
        log.lines(),
        log.unknownEvents(),
        log.damagedLines(),
        log.damaged(),
        log.lostEvents(),
        from,
        log.notes());
  }

  private static TraceException unreadable(Path source, IOException e) {
    return new TraceException(
        "cannot read " + source.getFileName() + ": " + TraceFile.reason(e), e);
  }
}
