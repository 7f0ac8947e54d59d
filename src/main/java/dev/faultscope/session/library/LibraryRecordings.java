package dev.faultscope.session.library;

import dev.faultscope.workload.RecordedAccesses;
import dev.faultscope.workload.Recordings;

/** Recordings that scenarios and policies name: entries of the library by their ids. */
public record LibraryRecordings(Library library) implements Recordings {
  @Override
  public RecordedAccesses accesses(String name) {
    return library
        .ask(name, session -> RecordedAccesses.of(session.timeline()))
        .orElseGet(() -> NONE.accesses(name));
  }
}
