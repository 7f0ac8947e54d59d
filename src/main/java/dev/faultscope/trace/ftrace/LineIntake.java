package dev.faultscope.trace.ftrace;

import dev.faultscope.trace.input.ImportLog;
import dev.faultscope.trace.input.LineReader;

/** Takes lines apart, one after the other, knows their threads, and counts what is of no use. */
final class LineIntake {
  private final LineParser parser = new LineParser();
  private final TraceThreads threads = new TraceThreads();
  private final ImportLog log;

  LineIntake(ImportLog log) {
    this.log = log;
  }

  /** {@return whether the reader's current line is an event to be told, which was filled in} */
  boolean take(LineReader lines, LineEvent event) {
    try {
      switch (parser.parse(lines, event)) {
        case EVENT -> {
          event.thread =
              event.kind == LineKind.SWITCH
                  ? threads.find(event.tid)
                  : threads.of(event, lines.buffer());
          event.nextThread = event.kind == LineKind.SWITCH ? threads.find(event.nextTid) : null;
          return true;
        }
        case UNKNOWN_EVENT ->
            log.unknownEvent(lines.buffer(), parser.nameStart(), parser.nameEnd());
        case LOST -> log.lostEvents(parser.lost());
        case NOT_AN_EVENT -> {}
      }
    } catch (LineDamagedException e) {
      log.damagedLine(lines.number(), e.reason());
    }
    return false;
  }
}
