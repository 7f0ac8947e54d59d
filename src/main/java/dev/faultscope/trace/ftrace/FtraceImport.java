package dev.faultscope.trace.ftrace;

import dev.faultscope.model.Region;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.trace.input.ImportLog;
import dev.faultscope.trace.input.LineReader;
import dev.faultscope.trace.input.ProgressMeter;
import dev.faultscope.trace.input.RegionSpec;
import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.input.TraceFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Imports kernel trace text: reads lines, links them, judges them, tells them, each step a fixed
 * number of lines behind the one before.
 */
final class FtraceImport {
  /** Lines the judge sees ahead of the one it judges. */
  private static final int LOOKAHEAD = 256;

  /** Lines a verdict rests before it is told: it may still be revised by the next ones. */
  private static final int REST = 256;

  private final LineWindow window = new LineWindow();
  private final LineLinker linker;
  private final FaultMatcher matcher;
  private final EventWriter writer;
  private long judged;

  private FtraceImport(
      Recorder recorder, AddressMap map, long originNs, boolean tellsHost, ImportLog log) {
    linker = new LineLinker(window, map);
    matcher = new FaultMatcher(map, recorder);
    writer = new EventWriter(recorder, map, new ActorRegistry(recorder, log), originNs, tellsHost);
  }

  /**
   * Finds the time of a trace's first event.
   *
   * @return nanoseconds on the trace's own clock
   * @throws TraceException if no line of the file is an event
   */
  static long originOf(TraceFile file, ProgressMeter meter) throws IOException, TraceException {
    try (InputStream in = file.open(meter)) {
      LineReader lines = new LineReader(in);
      LineParser parser = new LineParser();
      LineEvent event = new LineEvent();
      while (lines.advance()) {
        try {
          LineParser.Outcome outcome = parser.parse(lines, event);
          if (outcome == LineParser.Outcome.EVENT || outcome == LineParser.Outcome.UNKNOWN_EVENT) {
            return event.timeNs;
          }
        } catch (LineDamagedException e) {
          // The import itself reports it.
          continue;
        }
      }
      throw new TraceException(
          file.path().getFileName() + " has no line that can be read as a kernel event");
    }
  }

  /**
   * Concludes regions from the faults that userfaultfd ioctls answer; reads the whole file.
   *
   * @param tellsHost whether faults of the host are told beside those of a guest
   * @return the regions, lowest address first: those of faults that ioctls answered; where none
   *     did, those of all faults
   */
  static List<RegionSpec> survey(
      TraceFile file, boolean tellsHost, ProgressMeter meter, ImportLog log) throws IOException {
    RegionSurvey survey = new RegionSurvey();
    // What cannot be read is reported by the second pass.
    try (LineFeed feed = LineFeed.start(file, meter, new ImportLog())) {
      for (LineFeed.Batch batch = feed.take(); batch != null; batch = feed.take()) {
        for (int i = 0; i < batch.count; i++) {
          survey.add(batch.events[i]);
        }
        feed.release(batch);
      }
    }
    List<RegionSpec> regions = survey.regions();
    if (regions.isEmpty()) {
      List<RegionSpec> unanswered = survey.unanswered(tellsHost);
      if (unanswered.stream().anyMatch(spec -> spec.gpaBase() != Region.NO_GPA)) {
        log.note(
            "no userfaultfd answered a fault: the faults told are those between the guest and KVM");
      } else if (!unanswered.isEmpty()) {
        log.note(
            "no userfaultfd answered a fault: the faults told are the host's, each until its"
                + " thread's next line, which is not before the fault's end");
      }
      return unanswered;
    }
    if (survey.lacksHostAddress()) {
      log.note(
          "guest memory was found by its guest physical addresses only: the trace does not say"
              + " where it lies in the host, so its host addresses are shown as guest physical");
    }
    return regions;
  }

  /**
   * Reads the file into a recording.
   *
   * @param regions where guest memory lies
   * @param inferred whether the regions were concluded
   * @param originNs the trace's time at time 0 of the recording
   * @param tellsHost whether faults of the host are told beside those of a guest
   */
  static void run(
      TraceFile file,
      List<RegionSpec> regions,
      boolean inferred,
      long originNs,
      boolean tellsHost,
      Recorder recorder,
      ProgressMeter meter,
      ImportLog log)
      throws IOException {
    AddressMap map = new AddressMap(regions, inferred);
    for (Region region : map.regions()) {
      recorder.region(region);
    }
    // The registry speaks up while the feed counts: each has a log of its own.
    ImportLog castLog = new ImportLog();
    new FtraceImport(recorder, map, originNs, tellsHost, castLog).read(file, meter, log);
    castLog.notes().forEach(log::note);
  }

  /** Reads what comes piece by piece; regions are learned on the way. */
  static FtraceImport growing(Recorder recorder, long originNs, ImportLog log) {
    return new FtraceImport(recorder, AddressMap.growing(recorder), originNs, true, log);
  }

  private void read(TraceFile file, ProgressMeter meter, ImportLog log) throws IOException {
    try (LineFeed feed = LineFeed.start(file, meter, log)) {
      for (LineFeed.Batch batch = feed.take(); batch != null; batch = feed.take()) {
        for (int i = 0; i < batch.count; i++) {
          add(batch.events[i]);
        }
        feed.release(batch);
      }
    }
    end();
  }

  /** There are no more lines: tells all there are. */
  void end() {
    while (judged < window.head()) {
      matcher.step(window.get(judged++));
    }
    matcher.finish();
    while (window.tail() < window.head()) {
      tellOldest();
    }
  }

  /** {@return the index that the next line will have} */
  long head() {
    return window.head();
  }

  /** Tells every line before an index, known to the end or not. */
  void settle(long index) {
    while (judged < index) {
      matcher.step(window.get(judged++));
    }
    while (window.tail() < index) {
      tellOldest();
    }
  }

  /** Takes in a line. */
  void add(LineEvent event) {
    if (window.isFull()) {
      tellOldest();
    }
    linker.add(event);
    if (window.head() - judged > LOOKAHEAD) {
      matcher.step(window.get(judged++));
    }
    while (window.tail() < judged - REST && isReady(window.get(window.tail()))) {
      tellOldest();
    }
  }

  private static boolean isReady(Line line) {
    return isDecided(line) && (line.raises == null || isDecided(line.raises));
  }

  private static boolean isDecided(Line line) {
    return line.pending == null || line.pending.verdict != PendingFault.Verdict.UNDECIDED;
  }

  private void tellOldest() {
    Line line = window.get(window.tail());
    if (line.pending != null) {
      matcher.force(line.pending);
    }
    if (line.raises != null && line.raises.pending != null) {
      matcher.force(line.raises.pending);
    }
    writer.tell(line);
    window.pop();
  }
}
