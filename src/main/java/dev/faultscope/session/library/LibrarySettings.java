package dev.faultscope.session.library;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where recordings are kept, and how many of everything.
 *
 * @param dataDir where recordings are kept; created by need
 * @param openSessions recordings open at once
 * @param idle how long a recording that nobody looks at stays open
 * @param imports imports that run at once
 * @param waitingImports imports that wait for their turn
 * @param uploadLimit most bytes of one upload
 * @param samples recordings that come with the program
 */
public record LibrarySettings(
    Path dataDir,
    int openSessions,
    Duration idle,
    int imports,
    int waitingImports,
    long uploadLimit,
    List<Sample> samples) {

  /**
   * A recording that comes with the program.
   *
   * @param name lower-case letters, digits and hyphens; its id is {@code sample-NAME}
   * @param title what people call it
   * @param text one sentence that says what it shows
   * @param resource its file in the class path
   * @param sidecar a file with its regions in the class path; empty for none
   */
  public record Sample(String name, String title, String text, String resource, String sidecar) {}
}
