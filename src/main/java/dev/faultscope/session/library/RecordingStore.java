package dev.faultscope.session.library;

import dev.faultscope.model.Bookmark;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The files of the data directory. Every name in it is made here, of a checked {@link RecordingId};
 * what a person called a file is a title inside.
 *
 * <p>{@code ID/source} is the uploaded file, {@code ID/about.properties} its title, its regions and
 * what of it was lost, {@code ID/N.fscope} the recording, anew with every import: whoever still
 * reads an older one is not disturbed; {@code ID/scenario.yaml} is the text of what was run, {@code
 * ID/bookmarks.properties} what people noted, by number: moment, region, page and text.
 */
final class RecordingStore {
  private static final String RECORDING = ".fscope";

  private final Path recordings;
  private final Path spool;

  /**
   * What is known of a recording beside itself.
   *
   * @param title what a person calls it
   * @param regions what a person said of its regions
   * @param lost what of its file was lost, one sentence; empty for nothing
   */
  record About(String title, List<String> regions, String lost) {
    About(String title, List<String> regions) {
      this(title, regions, "");
    }

    About missing(String sentence) {
      return new About(title, regions, sentence);
    }
  }

  RecordingStore(Path dataDir) {
    recordings = dataDir.resolve("recordings");
    spool = dataDir.resolve("spool");
  }

  /** {@return a new file for an upload that is under way} */
  Path newSpoolFile() throws IOException {
    Files.createDirectories(spool);
    return Files.createTempFile(spool, "upload-", ".part");
  }

  /** Deletes what uploads of an earlier start left behind. */
  void sweepSpool() throws IOException {
    if (Files.isDirectory(spool)) {
      try (Stream<Path> files = Files.list(spool)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** {@return whether there is such a recording: a file that was uploaded, or a run's own} */
  boolean has(RecordingId id) {
    return Files.exists(source(id)) || Files.exists(aboutFile(id));
  }

  /** {@return whether it can be imported (anew); a run's recording cannot, it has no source} */
  boolean hasSource(RecordingId id) {
    return Files.exists(source(id));
  }

  Path source(RecordingId id) {
    return folder(id).resolve("source");
  }

  /** Takes a spooled file in. */
  void keep(RecordingId id, Path spooled, About about) throws IOException {
    Files.createDirectories(folder(id));
    Files.move(spooled, source(id), StandardCopyOption.REPLACE_EXISTING);
    describe(id, about);
  }

  /** Keeps a file of regions beside the source, where an import looks for it. */
  void keepSidecar(RecordingId id, InputStream content) throws IOException {
    Files.createDirectories(folder(id));
    Files.copy(
        content, folder(id).resolve("source.regions.json"), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Keeps the text of the scenario that a recording is made of. */
  void keepScenario(RecordingId id, String text) throws IOException {
    Files.createDirectories(folder(id));
    Files.writeString(scenarioFile(id), text);
  }

  /** {@return the text of the scenario that a recording was made of} */
  Optional<String> scenario(RecordingId id) throws IOException {
    Path file = scenarioFile(id);
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  private Path scenarioFile(RecordingId id) {
    return folder(id).resolve("scenario.yaml");
  }

  /**
   * Keeps what people noted, whole or, where that fails, as it was.
   *
   * @throws IOException also where the recording was forgotten meanwhile
   */
  void keepBookmarks(RecordingId id, List<Bookmark> bookmarks) throws IOException {
    Properties properties = new Properties();
    for (Bookmark each : bookmarks) {
      properties.setProperty(
          String.valueOf(each.number()),
          "%d %d %d %s".formatted(each.sequence(), each.region(), each.page(), each.text()));
    }
    Path written = Files.createTempFile(folder(id), "bookmarks-", ".part");
    try {
      try (OutputStream out = Files.newOutputStream(written)) {
        properties.store(out, null);
      }
      Files.move(
          written,
          bookmarksFile(id),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /**
   * {@return what people noted, the earliest moment first; empty where nobody has changed what came
   * with the recording}
   *
   * @throws IOException also if the file says what cannot be
   */
  Optional<List<Bookmark>> bookmarks(RecordingId id) throws IOException {
    if (!Files.exists(bookmarksFile(id))) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(bookmarksFile(id))) {
      properties.load(in);
      return Optional.of(
          properties.stringPropertyNames().stream()
              .map(number -> bookmark(number, properties.getProperty(number, "")))
              .sorted(Bookmark.BY_MOMENT)
              .limit(Bookmark.MOST)
              .toList());
    } catch (IllegalArgumentException e) {
      throw new IOException("its bookmarks are damaged: " + e.getMessage(), e);
    }
  }

  private static Bookmark bookmark(String number, String value) {
    String[] parts = value.split(" ", 4);
    if (parts.length < 4) {
      throw new IllegalArgumentException("bookmark " + number + " is \"" + value + "\"");
    }
    return new Bookmark(
        Integer.parseInt(number),
        Long.parseLong(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        parts[3]);
  }

  /** Puts damaged bookmarks out of the way: the next that somebody adds does not replace them. */
  void setBookmarksAside(RecordingId id) throws IOException {
    Files.move(
        bookmarksFile(id),
        folder(id).resolve("bookmarks.damaged"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Path bookmarksFile(RecordingId id) {
    return folder(id).resolve("bookmarks.properties");
  }

  void describe(RecordingId id, About about) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("title", about.title());
    properties.setProperty("regions", String.join("\n", about.regions()));
    if (!about.lost().isEmpty()) {
      properties.setProperty("lost", about.lost());
    }
    Files.createDirectories(folder(id));
    try (OutputStream out = Files.newOutputStream(aboutFile(id))) {
      properties.store(out, null);
    }
  }

  About about(RecordingId id) throws IOException {
    Properties properties = new Properties();
    if (Files.exists(aboutFile(id))) {
      try (InputStream in = Files.newInputStream(aboutFile(id))) {
        properties.load(in);
      } catch (IllegalArgumentException e) {
        throw new IOException("what was said of it is damaged: " + e.getMessage(), e);
      }
    }
    return new About(
        properties.getProperty("title", id.text()),
        properties.getProperty("regions", "").lines().toList(),
        properties.getProperty("lost", ""));
  }

  /** {@return the newest recording of an id} */
  Optional<Path> recording(RecordingId id) throws IOException {
    return generations(id).stream().max(Comparator.comparingInt(RecordingStore::generation));
  }

  /** {@return where the next import writes} */
  Path nextRecording(RecordingId id) throws IOException {
    Files.createDirectories(folder(id));
    int last = recording(id).map(RecordingStore::generation).orElse(0);
    return folder(id).resolve((last + 1) + RECORDING);
  }

  /** Deletes every recording of an id but the newest; who has one open keeps reading it. */
  void forgetOlder(RecordingId id) throws IOException {
    Optional<Path> newest = recording(id);
    for (Path file : generations(id)) {
      if (!Optional.of(file).equals(newest)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Remembers that somebody looked at a recording now. */
  void touch(RecordingId id) throws IOException {
    if (Files.exists(aboutFile(id))) {
      Files.setLastModifiedTime(aboutFile(id), FileTime.from(Instant.now()));
    }
  }

  Instant touched(RecordingId id) throws IOException {
    return Files.exists(aboutFile(id))
        ? Files.getLastModifiedTime(aboutFile(id)).toInstant()
        : Instant.EPOCH;
  }

  /** {@return everything there is, in no order} */
  List<RecordingId> all() throws IOException {
    List<RecordingId> ids = new ArrayList<>();
    if (Files.isDirectory(recordings)) {
      try (Stream<Path> folders = Files.list(recordings)) {
        for (Path folder : folders.toList()) {
          RecordingId.of(folder.getFileName().toString()).filter(this::has).ifPresent(ids::add);
        }
      }
    }
    return ids;
  }

  void forget(RecordingId id) throws IOException {
    if (Files.isDirectory(folder(id))) {
      try (Stream<Path> files = Files.list(folder(id))) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(folder(id));
    }
  }

  private List<Path> generations(RecordingId id) throws IOException {
    if (!Files.isDirectory(folder(id))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder(id))) {
      return files
          .filter(file -> file.getFileName().toString().matches("[0-9]{1,9}\\" + RECORDING))
          .toList();
    }
  }

  private static int generation(Path file) {
    String name = file.getFileName().toString();
    return Integer.parseInt(name.substring(0, name.length() - RECORDING.length()));
  }

  private Path aboutFile(RecordingId id) {
    return folder(id).resolve("about.properties");
  }

  private Path folder(RecordingId id) {
    return recordings.resolve(id.text());
  }
}
