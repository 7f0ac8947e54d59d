package dev.faultscope.session.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Bookmark;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.library.Bookmarks.Draft;
import dev.faultscope.session.query.BookmarkView;
import dev.faultscope.trace.TraceFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BookmarksTest {
  private static final String SAMPLE = "sample-small";

  @TempDir Path dir;
  private final List<Library> libraries = new ArrayList<>();
  private Library library;
  private Bookmarks bookmarks;

  private Library newLibrary() {
    return new Library(
        new LibrarySettings(
            dir,
            4,
            Duration.ofMinutes(1),
            1,
            1,
            1 << 20,
            List.of(
                new LibrarySettings.Sample(
                    "small", "Small", "", "samples/v_c_uprobe.trace.txt", ""))),
        new TraceImports(TraceFormats.STANDARD));
  }

  /** Everything anew, but for the files. */
  private void restart() {
    libraries.forEach(Library::close);
    libraries.clear();
    library = newLibrary();
    library.start();
    libraries.add(library);
    bookmarks = new Bookmarks(library);
  }

  @BeforeEach
  void start() {
    restart();
  }

  @AfterEach
  void close() {
    libraries.forEach(Library::close);
  }

  /** Sixty events of faults on 100 pages. */
  private String recorded() throws IOException {
    try (GrowingRecording recording = library.record("a run", "live")) {
      RecordedSessions.declare(recording.recorder(), 100);
      for (int i = 0; i < 10; i++) {
        RecordedSessions.fault(recording.recorder(), i % 2, i, 1000L * i);
      }
      recording.complete();
      return recording.id();
    }
  }

  private BookmarkView add(String id, long seq, String text) throws IOException {
    return bookmarks.add(id, new Draft(seq, 0, 3, text)).orElseThrow();
  }

  @Test
  void bookmarksOfARunSurviveARestartInTheOrderOfTheirMoments() throws IOException {
    String id = recorded();
    String strange = "<img src=x onerror=alert(1)> \\u0041 = #! \u202e ünï 🧭 \"x\" 'y'";
    BookmarkView late = add(id, 41, strange);
    BookmarkView first =
        bookmarks.add(id, new Draft(0L, null, null, "  before all  ")).orElseThrow();

    restart();

    assertThat(late).isEqualTo(new BookmarkView(1, 41, 6400L, 0, 3, strange));
    assertThat(first).isEqualTo(new BookmarkView(2, 0, 0L, null, null, "before all"));
    assertThat(bookmarks.of(id).orElseThrow()).containsExactly(first, late);
  }

  @Test
  void bookmarksOfASampleSurviveARestart() throws IOException {
    assertThat(bookmarks.of(SAMPLE).orElseThrow()).isEmpty();
    BookmarkView added =
        bookmarks.add(SAMPLE, new Draft(0L, null, null, "here it begins")).orElseThrow();

    restart();

    assertThat(bookmarks.of(SAMPLE).orElseThrow()).containsExactly(added);
  }

  @Test
  void bookmarkIsReplacedAndRemovedByItsNumber() throws IOException {
    String id = recorded();
    add(id, 5, "one");
    int two = add(id, 6, "two").number();

    BookmarkView changed =
        bookmarks.replace(id, two, new Draft(7L, null, null, "two, later")).orElseThrow();
    assertThat(bookmarks.remove(id, 1)).isTrue();

    assertThat(bookmarks.of(id).orElseThrow()).containsExactly(changed);
    assertThat(changed.number()).isEqualTo(two);
    assertThatThrownBy(() -> bookmarks.remove(id, 1))
        .isInstanceOf(NoSuchBookmarkException.class)
        .hasMessageContaining("bookmark 1 ");
    assertThatThrownBy(() -> bookmarks.replace(id, 9, new Draft(7L, null, null, "")))
        .isInstanceOf(NoSuchBookmarkException.class);
    assertThat(bookmarks.of(id).orElseThrow()).containsExactly(changed);
  }

  @Test
  void everybodyWhoLooksIsToldOfANewBookmark() throws IOException {
    String id = recorded();
    var session = library.open(id).orElseThrow();
    List<Bookmark> before = session.bookmarks();

    add(id, 5, "one");

    assertThat(before).isEmpty();
    assertThat(session.bookmarks()).extracting(Bookmark::text).containsExactly("one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0007b", "two\nlines", "\u0000", "a\ud800b", "a\u2028b", "a\u0085b"})
  void textThatCannotBeShownIsRefusedWithItsPlace(String text) throws IOException {
    String id = recorded();
    int bad = text.startsWith("two") ? 3 : text.length() == 1 ? 0 : 1;
    assertThatThrownBy(() -> add(id, 5, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leave out U+%04X at %d".formatted((int) text.charAt(bad), bad));
    assertThat(bookmarks.of(id).orElseThrow()).isEmpty();
  }

  @Test
  void textOfFiveHundredCharactersFitsAndOneMoreDoesNot() throws IOException {
    String id = recorded();
    assertThat(add(id, 5, "x".repeat(500)).text()).hasSize(500);
    assertThatThrownBy(() -> add(id, 5, "x".repeat(501)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 500 characters, this one has 501");
  }

  @ParameterizedTest
  @CsvSource({
    "61, 0, 3, 0 to 60",
    "-1, 0, 3, 0 to 60",
    ", 0, 3, 'not null'",
    "5, 2, 3, 'there are 2 from 0 on, not 2'",
    "5, -1, 3, 'not -1'",
    "5, 0, 100, '0 to 99 in region guest-ram, not 100'",
    "5, 1, -1, '0 to 99 in region other, not -1'",
    "5, 0, , region and page come together",
    "5, , 3, region and page come together"
  })
  void placeThatIsNotInTheRecordingIsRefusedWithWhatIs(
      Long seq, Integer region, Integer page, String said) throws IOException {
    String id = recorded();
    assertThatThrownBy(() -> bookmarks.add(id, new Draft(seq, region, page, "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void twoHundredFitAndRoomIsMadeByDeletingOne() throws IOException {
    String id = recorded();
    for (int i = 0; i < Bookmark.MOST; i++) {
      add(id, i % 60, "");
    }
    assertThatThrownBy(() -> add(id, 5, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("There are 200 bookmarks");
    bookmarks.remove(id, 100);
    assertThat(add(id, 5, "").number()).isEqualTo(201);
  }

  @Test
  void bookmarksGoWithTheirRecordingAndAnotherHasNone() throws IOException {
    String id = recorded();
    add(id, 5, "one");
    assertThat(library.forget(id)).isTrue();
    assertThat(bookmarks.of(id)).isEmpty();
    assertThat(bookmarks.add(id, new Draft(5L, null, null, ""))).isEmpty();
    assertThat(bookmarks.remove("../../etc", 1)).isFalse();
  }

  @Test
  void damagedBookmarksAreSetAsideAndTheRecordingOpens() throws IOException {
    String id = recorded();
    add(id, 5, "one");
    Path file = dir.resolve("recordings").resolve(id).resolve("bookmarks.properties");
    Files.writeString(file, "1=5 0 three one");

    restart();

    assertThat(bookmarks.of(id).orElseThrow()).isEmpty();
    assertThat(add(id, 6, "two").text()).isEqualTo("two");
    assertThat(file.resolveSibling("bookmarks.damaged")).hasContent("1=5 0 three one");
  }
}
