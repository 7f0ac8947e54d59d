package dev.faultscope.session.library;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.faultscope.session.Progress;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.Session;
import dev.faultscope.session.library.Importer.ImportFailedException;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.TimelineInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryTest {
  @TempDir Path dir;
  private final ScriptedImporter importer = new ScriptedImporter();
  private final List<Library> libraries = new ArrayList<>();

  /** Records some faults; waits, fails or is cancelled as the test wishes. */
  private static final class ScriptedImporter implements Importer {
    volatile CountDownLatch hold = new CountDownLatch(0);
    volatile boolean fails;
    volatile String lost = "";
    volatile int faults = 10;
    volatile List<String> regions = List.of();

    @Override
    public void check(Path source, List<String> regions) throws ImportFailedException {
      if (regions.contains("bad")) {
        throw new ImportFailedException("region 'bad' is not of the form", new IOException());
      }
    }

    @Override
    public String run(
        Path source, String title, List<String> told, Target target, Listener listener)
        throws ImportFailedException {
      regions = told;
      Recorder recorder = target.begin(new TimelineInfo(title, "test", 0));
      RecordedSessions.declare(recorder, 1000);
      for (int i = 0; i < faults; i++) {
        RecordedSessions.fault(recorder, i % 2, i % 1000, i * 1000);
      }
      listener.advanced(50, 100);
      while (hold.getCount() > 0 && !listener.cancelled()) {
        try {
          hold.await(5, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          throw new ImportFailedException("interrupted", e);
        }
      }
      if (fails) {
        throw new ImportFailedException("line 7 makes no sense", new IOException());
      }
      return lost;
    }
  }

  private Library library(int open) {
    return library(open, new FaultIndexing());
  }

  private Library library(int open, FaultIndexing indexing) {
    Library library =
        new Library(
            new LibrarySettings(dir, open, Duration.ofMinutes(1), 1, 1, 1000, List.of()),
            importer,
            indexing);
    library.start();
    libraries.add(library);
    return library;
  }

  @AfterEach
  void close() {
    importer.hold.countDown();
    libraries.forEach(Library::close);
  }

  private static InputStream file(String content) {
    return new ByteArrayInputStream(content.getBytes(UTF_8));
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited ten seconds").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static Session loaded(Library library, String id) {
    Session session = library.open(id).orElseThrow();
    await(() -> !session.isLoading());
    return session;
  }

  @Test
  void anUploadIsNamedByItsContentAndKeepsItsLabel() throws Exception {
    Library library = library(4);

    String id = library.upload(file("some trace"), "../../etc/my trace.txt", List.of());

    assertThat(id).matches("[0-9a-f]{16}");
    assertThat(loaded(library, id).title()).isEqualTo("my trace.txt");
    assertThat(library.upload(file("some trace"), "other name", List.of())).isEqualTo(id);
    assertThat(library.list()).hasSize(1);
    assertThat(library.list().getFirst().faults()).isEqualTo(10);
    assertThat(library.list().getFirst().thumbnail()).isNotNull();
  }

  @Test
  void onlyTheNewestRecordingsAreListedAndLinksOpenTheOthers() throws Exception {
    Library library = library(4);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < Catalogue.MAX_RECENT + 5; i++) {
      String id = library.upload(file("trace " + i), "t" + i, List.of());
      loaded(library, id);
      Files.setLastModifiedTime(
          dir.resolve("recordings").resolve(id).resolve("about.properties"),
          FileTime.fromMillis(1_000_000L + i * 1000L));
      ids.addFirst(id);
    }

    assertThat(library.list())
        .extracting(RecordingOverview::id)
        .containsExactlyElementsOf(ids.subList(0, Catalogue.MAX_RECENT));
    assertThat(loaded(library, ids.getLast()).lastSequence()).isPositive();
  }

  @Test
  void aLinkSurvivesARestart() throws Exception {
    Library first = library(4);
    String id = first.upload(file("some trace"), "t", List.of());
    long events = loaded(first, id).lastSequence();
    first.close();

    Session again = loaded(library(4), id);

    assertThat(again.lastSequence()).isEqualTo(events);
    assertThat(again.progress().state()).isEqualTo(Progress.State.COMPLETE);
  }

  @Test
  void aSessionIsReadWhileItIsImported() throws Exception {
    importer.hold = new CountDownLatch(1);
    Library library = library(4);
    String id = library.upload(file("some trace"), "t", List.of());
    Session session = library.open(id).orElseThrow();

    await(() -> session.lastSequence() == 60);
    assertThat(session.isLoading()).isTrue();
    importer.hold.countDown();
    await(() -> !session.isLoading());
    assertThat(session.progress().state()).isEqualTo(Progress.State.COMPLETE);
  }

  @Test
  void faultsOfAWholeRecordingAreSoughtAheadOfTheFirstQuestion() throws Exception {
    List<String> sought = new CopyOnWriteArrayList<>();
    FaultIndexing indexing =
        new FaultIndexing(
            timeline -> sought.add(timeline.info().title() + " " + timeline.lastSequence()));
    importer.hold = new CountDownLatch(1);
    Library library = library(4, indexing);
    String id = library.upload(file("some trace"), "t", List.of());
    Session session = library.open(id).orElseThrow();
    await(() -> session.lastSequence() == 60);
    importer.hold.countDown();
    await(() -> !sought.isEmpty());

    GrowingRecording run = library.record("a run", "simulation");
    RecordedSessions.declare(run.recorder(), 1000);
    RecordedSessions.fault(run.recorder(), 0, 1, 1000);
    run.complete();
    await(() -> sought.size() == 2);

    await(
        () -> {
          library.open(run.id());
          return sought.size() > 2;
        });
    library.close();
    assertThat(sought.subList(0, 3)).containsExactly("t 60", "a run 6", "a run 6");
  }

  @Test
  void progressIsInBytesOfTheFileWhateverAnImportCounts() throws Exception {
    importer.hold = new CountDownLatch(1);
    Library library = library(4);
    String id = library.upload(file("some trace of 32 bytes, or so it"), "t", List.of());
    Session session = library.open(id).orElseThrow();

    await(() -> session.progress().bytesRead() > 0);
    assertThat(session.progress()).isEqualTo(new Progress(Progress.State.LOADING, 16, 32, null));
    importer.hold.countDown();
    await(() -> !session.isLoading());
    assertThat(session.progress()).isEqualTo(new Progress(Progress.State.COMPLETE, 32, 32, null));
  }

  @Test
  void aFailedImportKeepsWhatWasReadAndSaysWhy() throws Exception {
    importer.fails = true;
    Library library = library(4);

    Session session = loaded(library, library.upload(file("some trace"), "t", List.of()));

    assertThat(session.progress().state()).isEqualTo(Progress.State.FAILED);
    assertThat(session.progress().message()).isEqualTo("line 7 makes no sense");
    assertThat(session.lastSequence()).isEqualTo(60);
  }

  @Test
  void aCancelledImportKeepsWhatWasRead() throws Exception {
    importer.hold = new CountDownLatch(1);
    Library library = library(4);
    String id = library.upload(file("some trace"), "t", List.of());
    Session session = library.open(id).orElseThrow();
    await(() -> session.lastSequence() == 60);

    assertThat(library.cancelImport(id)).isTrue();

    await(() -> session.progress().state() == Progress.State.CANCELLED);
    assertThat(session.lastSequence()).isEqualTo(60);
  }

  @Test
  void regionsToldByHandImportAnewAndEndWhoWatches() throws Exception {
    Library library = library(4);
    String id = library.upload(file("some trace"), "t", List.of());
    Session before = loaded(library, id);

    assertThat(library.setRegions(id, List.of("0x1000+4K=ram"))).isTrue();

    Session after = loaded(library, id);
    assertThat(after.epoch()).isNotEqualTo(before.epoch());
    assertThat(before.isRetired()).isTrue();
    assertThat(importer.regions).containsExactly("0x1000+4K=ram");
    assertThatThrownBy(() -> library.setRegions(id, List.of("bad")))
        .isInstanceOf(UploadRefusedException.class)
        .hasMessageContaining("bad");
  }

  @Test
  void oneImportTooManyIsRefused() throws Exception {
    importer.hold = new CountDownLatch(1);
    Library library = library(10);
    library.upload(file("one"), "t", List.of());
    library.upload(file("two"), "t", List.of());

    assertThatThrownBy(
            () -> {
              library.upload(file("three"), "t", List.of());
              library.upload(file("four"), "t", List.of());
            })
        .isInstanceOf(UploadRefusedException.class)
        .hasMessageContaining("imports wait");
  }

  @Test
  void anUploadBeyondTheLimitLeavesNothingBehind() throws Exception {
    Library library = library(4);

    assertThatThrownBy(() -> library.admit(3L << 30)).isInstanceOf(UploadRefusedException.class);
    assertThatThrownBy(() -> library.upload(file("x".repeat(1001)), "t", List.of()))
        .isInstanceOf(UploadRefusedException.class)
        .hasMessageContaining("1000 bytes");
    assertThatThrownBy(() -> library.upload(file(""), "t", List.of()))
        .isInstanceOf(UploadRefusedException.class)
        .hasMessageContaining("empty");
    InputStream broken =
        new InputStream() {
          private int left = 100;

          @Override
          public int read() throws IOException {
            if (left-- <= 0) {
              throw new IOException("the browser went away");
            }
            return 'x';
          }
        };
    assertThatThrownBy(() -> library.upload(broken, "t", List.of()))
        .isInstanceOf(IOException.class);
    try (Stream<Path> files = Files.list(dir.resolve("spool"))) {
      assertThat(files).isEmpty();
    }
    assertThat(library.list()).isEmpty();
  }

  @Test
  void theLongestIdleSessionMakesRoom() throws Exception {
    Library library = library(2);
    String one = library.upload(file("one"), "t", List.of());
    Session first = loaded(library, one);
    loaded(library, library.upload(file("two"), "t", List.of()));
    loaded(library, library.upload(file("three"), "t", List.of()));

    assertThat(first.isRetired()).isTrue();
    assertThat(loaded(library, one).lastSequence()).isEqualTo(60);
  }

  @Test
  void aSessionInUseIsNotClosed() throws Exception {
    Library library = library(1);
    String one = library.upload(file("one"), "t", List.of());
    Session first = loaded(library, one);
    assertThat(first.enter()).isTrue();

    assertThatThrownBy(() -> library.upload(file("two"), "t", List.of()))
        .isInstanceOf(LibraryFullException.class);
    assertThat(first.timeline().event(1).sequence()).isEqualTo(1);
    first.leave();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "..",
        "../x",
        "sample-../x",
        "a/b",
        "0123456789ABCDEF",
        "sample-",
        "recordings"
      })
  void whatIsNoIdNamesNothing(String id) throws Exception {
    Library library = library(1);

    assertThat(library.open(id)).isEmpty();
    assertThat(library.open(id)).isEmpty();
    assertThat(library.forget(id)).isFalse();
  }

  @Test
  void aForgottenUploadIsGone() throws Exception {
    Library library = library(4);
    String id = library.upload(file("some trace"), "t", List.of());
    Session session = loaded(library, id);

    assertThat(library.forget(id)).isTrue();

    assertThat(session.isRetired()).isTrue();
    assertThat(library.open(id)).isEmpty();
    assertThat(library.list()).isEmpty();
  }

  @Test
  void recordingThatCannotBeReadIsARowThatSaysSo() throws Exception {
    Library library = library(8);
    String whole = library.upload(file("some trace"), "whole.txt", List.of());
    loaded(library, whole);
    String broken = recorded(library, "a run");
    String nameless = recorded(library, "another run");
    library.close();
    Files.writeString(
        dir.resolve("recordings").resolve(broken).resolve("1.fscope"), "no recording");
    Path about = dir.resolve("recordings").resolve(nameless).resolve("about.properties");
    Files.writeString(about, "title=\\u00zz");
    Files.delete(about.resolveSibling("1.fscope"));

    List<RecordingOverview> all = library(8).list();

    assertThat(all)
        .extracting(RecordingOverview::id, RecordingOverview::title, RecordingOverview::state)
        .containsExactlyInAnyOrder(
            tuple(whole, "whole.txt", "complete"),
            tuple(broken, "a run", "failed"),
            tuple(nameless, nameless, "failed"));
    assertThat(row(all, broken).message())
        .startsWith("It cannot be read: damaged at byte 0: not a Faultscope recording");
    assertThat(row(all, nameless).message())
        .isEqualTo(
            "It cannot be read: what was said of it is damaged: Malformed \\uxxxx encoding.");
    assertThat(row(all, whole).message()).isNull();
  }

  @Test
  void recordingThatBecameShorterWhileItIsOpenIsARowThatSaysSo() throws Exception {
    importer.faults = 20_000;
    importer.hold = new CountDownLatch(1);
    Library library = library(8);
    String cut = library.upload(file("long trace"), "long.txt", List.of());
    await(() -> library.open(cut).orElseThrow().lastSequence() == 120_000);
    assertThat(row(library.list(), cut).faults()).isEqualTo(20_000);
    importer.hold.countDown();
    loaded(library, cut);
    importer.faults = 10;
    loaded(library, library.upload(file("some trace"), "whole.txt", List.of()));

    try (FileChannel open =
        FileChannel.open(
            dir.resolve("recordings").resolve(cut).resolve("1.fscope"), StandardOpenOption.WRITE)) {
      open.truncate(4096);
    }

    List<RecordingOverview> all = library.list();
    assertThat(all).extracting(RecordingOverview::state).contains("complete", "failed");
    assertThat(row(all, cut).message()).contains("became shorter while it was open");
  }

  @Test
  void fileOfWhichAPartIsLostSaysSoByItsOwnNameAlsoAfterARestart() throws Exception {
    importer.lost = "t is not whole: its end is gone.";
    Library first = library(4);
    String id = first.upload(file("some trace"), "t", List.of());

    Session session = loaded(first, id);
    assertThat(session.progress())
        .isEqualTo(new Progress(Progress.State.PARTIAL, 10, 10, importer.lost));
    assertThat(session.timeline().isComplete()).isTrue();
    first.close();

    Library second = library(4);
    assertThat(loaded(second, id).progress().state()).isEqualTo(Progress.State.PARTIAL);
    assertThat(loaded(second, id).progress().message()).isEqualTo(importer.lost);
    assertThat(row(second.list(), id).message()).isEqualTo(importer.lost);
  }

  @Test
  void recordingWhoseServerWasKilledSaysWhatIsThere() throws Exception {
    GrowingRecording recording = library(4).record("a run", "live");
    RecordedSessions.declare(recording.recorder(), 1000);
    for (int i = 0; i < 40_000; i++) {
      RecordedSessions.fault(recording.recorder(), 0, 7, 1_000_000 + i);
    }

    Session after = loaded(library(4), recording.id());

    assertThat(after.progress().state()).isEqualTo(Progress.State.PARTIAL);
    assertThat(after.progress().message())
        .startsWith("a run is not whole: the recording was not completed")
        .containsPattern("Its first \\d+ events, up to 0\\.\\d{6} s, are here");
    recording.close();
  }

  @Test
  void recordingThatIsNotWholeSaysWhyInItsRow() throws Exception {
    importer.fails = true;
    Library library = library(4);
    String id = library.upload(file("some trace"), "t", List.of());
    loaded(library, id);

    assertThat(row(library.list(), id).state()).isEqualTo("failed");
    assertThat(row(library.list(), id).message()).isEqualTo("line 7 makes no sense");
  }

  private static String recorded(Library library, String title) throws IOException {
    GrowingRecording recording = library.record(title, "live");
    RecordedSessions.declare(recording.recorder(), 1000);
    recording.complete();
    return recording.id();
  }

  private static RecordingOverview row(List<RecordingOverview> all, String id) {
    return all.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }
}
