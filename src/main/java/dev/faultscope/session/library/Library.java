package dev.faultscope.session.library;

import dev.faultscope.model.Bookmark;
import dev.faultscope.session.EmptyTimeline;
import dev.faultscope.session.OpenSessions;
import dev.faultscope.session.Progress;
import dev.faultscope.session.Session;
import dev.faultscope.session.library.Importer.ImportFailedException;
import dev.faultscope.session.run.Run;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineException;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that can be opened: samples, uploads, and what of them is open. For many threads. */
public final class Library implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Library.class);

  private final RecordingStore store;
  private final Spool spool;
  private final Imports imports;
  private final Importer importer;
  private final OpenSessions open;
  private final Catalogue catalogue;
  private final FaultIndexing indexing;
  private final SecureRandom random = new SecureRandom();

  /** A library over a data directory; nothing is read before something is asked for. */
  public Library(LibrarySettings settings, Importer importer) {
    this(settings, importer, new FaultIndexing());
  }

  Library(LibrarySettings settings, Importer importer, FaultIndexing indexing) {
    this.indexing = indexing;
    this.importer = importer;
    store = new RecordingStore(settings.dataDir());
    spool = new Spool(store, settings.uploadLimit());
    imports = new Imports(settings.imports(), settings.waitingImports());
    open = new OpenSessions(settings.openSessions(), settings.idle(), System::nanoTime);
    catalogue = new Catalogue(store, settings.samples());
  }

  /** Clears up after an earlier start and puts the samples on the store. */
  public void start() {
    try {
      store.sweepSpool();
      catalogue.unpackSamples();
    } catch (IOException e) {
      throw new UncheckedIOException("faultscope.data-dir cannot be used: " + e.getMessage(), e);
    }
  }

  /** {@return samples and uploads, those looked at last first} */
  public List<RecordingOverview> list() {
    open.sweep();
    return catalogue.list(this::peek);
  }

  /**
   * {@return the session of a recording; opened, or its import begun, where that is needed}
   *
   * @throws LibraryFullException if as many recordings as may be are open and in use
   */
  public Optional<Session> open(String text) {
    Optional<Session> session = find(text);
    if (session.isPresent()) {
      indexing.prepare(session.get());
      try {
        store.touch(new RecordingId(text));
      } catch (IOException e) {
        LOG.warn("It cannot be remembered that {} was opened: {}", text, e.toString());
      }
    }
    return session;
  }

  private Optional<Session> find(String text) {
    Optional<RecordingId> id = RecordingId.of(text).filter(store::has);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(session(id.get()));
    } catch (IOException e) {
      throw new UncheckedIOException("recording " + text + " cannot be read", e);
    }
  }

  /**
   * {@return the answer to a question about a recording; empty where there is no such recording}
   */
  public <T> Optional<T> ask(String id, Function<Session, T> question) {
    // A session found may be closed before it is entered: then another is opened.
    for (int attempt = 0; attempt < 3; attempt++) {
      Optional<Session> session = find(id);
      if (session.isEmpty()) {
        return Optional.empty();
      }
      if (session.get().enter()) {
        try {
          return Optional.of(question.apply(session.get()));
        } finally {
          session.get().leave();
        }
      }
    }
    throw new LibraryFullException();
  }

  /**
   * Checks a size that somebody claims before a byte is read.
   *
   * @param bytes -1 for unknown
   */
  public void admit(long bytes) throws UploadRefusedException, IOException {
    spool.admit(bytes);
  }

  /**
   * Takes an upload in and begins to import it.
   *
   * @param in the file
   * @param name what the file was called, a label and nothing else
   * @param regions told by hand; empty to let the importer find them
   * @return its id
   * @throws UploadRefusedException if it is too large, empty, or no recording
   * @throws IOException if it breaks off
   */
  public String upload(InputStream in, String name, List<String> regions)
      throws UploadRefusedException, IOException {
    Spool.Spooled spooled = spool.take(in);
    RecordingId id = spooled.id();
    try {
      check(spooled.file(), regions);
      boolean known = store.has(id);
      if (!known || !regions.isEmpty()) {
        store.keep(
            id, spooled.file(), new RecordingStore.About(label(name, id), List.copyOf(regions)));
        begin(id);
      }
    } finally {
      Files.deleteIfExists(spooled.file());
    }
    return id.text();
  }

  /**
   * Sets regions by hand and imports anew.
   *
   * @return false where there is no such upload
   */
  public boolean setRegions(String text, List<String> regions)
      throws UploadRefusedException, IOException {
    Optional<RecordingId> id = RecordingId.of(text).filter(store::hasSource);
    if (id.isEmpty()) {
      return false;
    }
    check(store.source(id.get()), regions);
    cancelImport(text);
    store.describe(id.get(), new RecordingStore.About(store.about(id.get()).title(), regions));
    begin(id.get());
    return true;
  }

  /** {@return whether an import was there to be cancelled} */
  public boolean cancelImport(String id) {
    ImportJob job = imports.job(id);
    if (job != null) {
      job.cancel();
    }
    return job != null;
  }

  /** {@return whether an upload was there to be forgotten} */
  public boolean forget(String text) throws IOException {
    Optional<RecordingId> id =
        RecordingId.of(text).filter(found -> !found.isSample()).filter(store::has);
    if (id.isEmpty()) {
      return false;
    }
    cancelImport(text);
    endRun(text);
    catalogue.changed(id.get());
    open.remove(text);
    store.forget(id.get());
    return true;
  }

  private void endRun(String text) {
    Session session = open.get(text);
    Run run = session == null ? null : session.run();
    if (run != null) {
      run.close();
    }
  }

  /**
   * Begins a recording that grows while something runs, and can be watched from now on.
   *
   * @param title what people call it
   * @param source what makes it, e.g. {@code live}
   * @throws LibraryFullException if as many recordings as may be are open and in use
   */
  public GrowingRecording record(String title, String source) throws IOException {
    RecordingId id = RecordingId.ofRun(random.nextLong());
    store.describe(id, new RecordingStore.About(title, List.of()));
    RecordingFile file =
        RecordingFile.create(store.nextRecording(id), new TimelineInfo(title, source, 0));
    try {
      Session session =
          admitted(new Session(id.text(), random.nextInt(), file.timeline(), Progress.running()));
      return new GrowingRecording(session, file, indexing);
    } catch (LibraryFullException full) {
      file.close();
      store.forget(id);
      throw full;
    }
  }

  /** Keeps the text of what is run beside its recording. */
  public void keepScenario(String run, String text) throws IOException {
    store.keepScenario(new RecordingId(run), text);
  }

  /** {@return the scenario that a recording was made of; empty where there is none} */
  public Optional<String> scenario(String recording) throws IOException {
    Optional<RecordingId> id = RecordingId.of(recording).filter(store::has);
    return id.isEmpty() ? Optional.empty() : store.scenario(id.get());
  }

  /** Keeps the bookmarks of a recording beside it, and tells everybody who looks at it. */
  void keepBookmarks(Session session, List<Bookmark> bookmarks) throws IOException {
    store.keepBookmarks(new RecordingId(session.id()), bookmarks);
    session.bookmarks(bookmarks);
    session.announce();
  }

  /** Without its bookmarks a recording is shown all the same. */
  private Session withBookmarks(RecordingId id, Session session) {
    try {
      store.bookmarks(id).ifPresent(session::bookmarks);
    } catch (IOException e) {
      LOG.warn("The bookmarks of {} are set aside: {}", id.text(), e.toString());
      try {
        store.setBookmarksAside(id);
      } catch (IOException again) {
        LOG.warn("They cannot be: {}", again.toString());
      }
    }
    return session;
  }

  private void check(Path file, List<String> regions) throws UploadRefusedException {
    try {
      importer.check(file, regions);
    } catch (ImportFailedException e) {
      throw UploadRefusedException.unreadable(String.valueOf(e.getMessage()));
    }
  }

  private synchronized Session session(RecordingId id) throws IOException {
    Session known = open.get(id.text());
    if (known != null) {
      return known;
    }
    Optional<Path> file = store.recording(id);
    if (file.isPresent()) {
      try {
        return admitted(opened(id, RecordingFile.open(file.get(), store.about(id).title())));
      } catch (TimelineException e) {
        if (!store.hasSource(id)) {
          throw e;
        }
        LOG.warn("Recording {} is imported anew: {}", id.text(), e.getMessage());
      }
    }
    try {
      return begin(id);
    } catch (UploadRefusedException e) {
      throw new LibraryFullException();
    }
  }

  private Session opened(RecordingId id, Timeline timeline) throws IOException {
    RecordingStore.About about = store.about(id);
    String lost =
        about.lost().isEmpty()
            ? timeline.recovery().inWords(about.title(), timeline.lastSequence(), timeline.endNs())
            : about.lost();
    long bytes = store.hasSource(id) ? Files.size(store.source(id)) : 0;
    return withBookmarks(
        id,
        new Session(
            id.text(),
            random.nextInt(),
            timeline,
            lost.isEmpty()
                ? new Progress(Progress.State.COMPLETE, bytes, bytes, null)
                : new Progress(Progress.State.PARTIAL, bytes, bytes, lost)));
  }

  private synchronized Session begin(RecordingId id) throws IOException, UploadRefusedException {
    catalogue.changed(id);
    RecordingStore.About about = store.about(id);
    Session session =
        admitted(
            withBookmarks(
                id,
                new Session(
                    id.text(),
                    random.nextInt(),
                    new EmptyTimeline(about.title()),
                    Progress.waiting(Files.size(store.source(id))))));
    try {
      imports.start(id.text(), new ImportJob(importer, store, id, about, session, indexing));
    } catch (UploadRefusedException e) {
      open.remove(id.text());
      throw e;
    }
    return session;
  }

  private Session admitted(Session session) {
    if (!open.put(session)) {
      session.retire();
      throw new LibraryFullException();
    }
    return session;
  }

  /** Looks at a recording without keeping it open; begins the import of one never imported. */
  private Optional<Catalogue.Facts> peek(
      RecordingId id, Function<Session, Catalogue.Facts> question) throws IOException {
    Session known = open.get(id.text());
    Optional<Path> file = store.recording(id);
    if (known != null || file.isEmpty()) {
      return ask(id.text(), question);
    }
    Session briefly = opened(id, RecordingFile.open(file.get(), store.about(id).title()));
    try {
      return Optional.of(question.apply(briefly));
    } finally {
      briefly.retire();
    }
  }

  private static String label(String name, RecordingId id) {
    String plain = name.replaceAll("\\p{Cntrl}", " ").strip();
    String last = plain.substring(Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\')) + 1);
    return last.isEmpty() ? id.text() : last.substring(0, Math.min(200, last.length()));
  }

  /** Has every import end, and does not wait; what they read stays. */
  public void stop() {
    imports.stop();
  }

  @Override
  public void close() {
    imports.close();
    indexing.close();
    open.close();
  }
}
