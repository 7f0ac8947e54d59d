package dev.faultscope.trace.input;

import java.util.List;
import java.util.Map;

/**
 * What an import found.
 *
 * @param format what the file is
 * @param lines lines read, headers included; 0 for a binary format
 * @param unknownLines lines whose event the importer does not know, by event name
 * @param damagedLines how many lines could not be read
 * @param damaged the first of them, at most {@value ImportLog#DAMAGED_KEPT}
 * @param lostEvents events the tracer says it lost; -1 where it only says that it lost some
 * @param lost what of the file was lost and how much is here, one sentence; empty for nothing
 * @param regionsFrom where the regions come from
 * @param notes what else a reader should know
 */
public record ImportReport(
    TraceFormat format,
    long lines,
    Map<String, Long> unknownLines,
    long damagedLines,
    List<DamagedLine> damaged,
    long lostEvents,
    String lost,
    RegionsFrom regionsFrom,
    List<String> notes) {
  /** {@return the account that an import's log keeps} */
  public static ImportReport of(TraceFormat format, ImportLog log, RegionsFrom regionsFrom) {
    return new ImportReport(
        format,
        log.lines(),
        log.unknownEvents(),
        log.damagedLines(),
        log.damaged(),
        log.lostEvents(),
        log.lost(),
        regionsFrom,
        log.notes());
  }

  /** Where the regions of an import come from. */
  public enum RegionsFrom {
    /** A person told them. */
    TOLD,
    /** A {@code .regions.json} beside the trace. */
    SIDECAR,
    /** Concluded from the faults that ioctls answered. */
    INFERRED,
    /** The recording itself has them. */
    RECORDED
  }
}
