package dev.faultscope.session.library;

import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Event;
import dev.faultscope.model.Region;
import dev.faultscope.session.Session;
import dev.faultscope.session.query.BookmarkView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What people note at moments of recordings: kept beside the recording, told to everybody who looks
 * at it. Safe for many threads. Answers are empty where there is no such recording.
 */
public final class Bookmarks {
  private final Library library;

  /**
   * A bookmark as somebody asks for it.
   *
   * @param seq the moment
   * @param region the page's; null, as the page, where it is about none
   * @param text null for none
   */
  public record Draft(
      @Nullable Long seq,
      @Nullable Integer region,
      @Nullable Integer page,
      @Nullable String text) {}

  public Bookmarks(Library library) {
    this.library = library;
  }

  /** {@return a recording's bookmarks, the earliest moment first} */
  public Optional<List<BookmarkView>> of(String recording) {
    return library.ask(
        recording, session -> BookmarkView.of(session.timeline(), session.bookmarks()));
  }

  /**
   * {@return the bookmark that was added}
   *
   * @throws IllegalArgumentException if it cannot be, or there are as many as may be
   */
  public Optional<BookmarkView> add(String recording, Draft draft) throws IOException {
    return change(
        recording,
        session -> {
          List<Bookmark> all = new ArrayList<>(session.bookmarks());
          if (all.size() >= Bookmark.MOST) {
            throw new IllegalArgumentException(
                "There are %d bookmarks, and no more fit: delete one first.".formatted(all.size()));
          }
          int number = 1 + all.stream().mapToInt(Bookmark::number).max().orElse(0);
          return keep(session, all, checked(session, number, draft));
        });
  }

  /**
   * {@return the bookmark as it is from now on}
   *
   * @throws IllegalArgumentException if it cannot be
   * @throws NoSuchBookmarkException if there is none of this number
   */
  public Optional<BookmarkView> replace(String recording, int number, Draft draft)
      throws IOException {
    return change(
        recording,
        session -> keep(session, without(session, number), checked(session, number, draft)));
  }

  /**
   * {@return whether there is such a recording}
   *
   * @throws NoSuchBookmarkException if there is none of this number
   */
  public boolean remove(String recording, int number) throws IOException {
    return change(
            recording,
            session -> {
              store(session, without(session, number));
              return true;
            })
        .isPresent();
  }

  private synchronized <T> Optional<T> change(String recording, Function<Session, T> how)
      throws IOException {
    try {
      return library.ask(recording, how);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private BookmarkView keep(Session session, List<Bookmark> others, Bookmark bookmark) {
    others.add(bookmark);
    store(session, others);
    return BookmarkView.of(session.timeline(), bookmark);
  }

  private void store(Session session, List<Bookmark> all) {
    try {
      library.keepBookmarks(session, all.stream().sorted(Bookmark.BY_MOMENT).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Bookmark> without(Session session, int number) {
    List<Bookmark> all = new ArrayList<>(session.bookmarks());
    if (!all.removeIf(each -> each.number() == number)) {
      throw new NoSuchBookmarkException(number);
    }
    return all;
  }

  private static Bookmark checked(Session session, int number, Draft draft) {
    Long seq = draft.seq();
    long last = session.lastSequence();
    if (seq == null || seq < 0 || seq > last) {
      throw new IllegalArgumentException(
          "seq is a moment of the recording, 0 to %d, not %s".formatted(last, seq));
    }
    Integer region = draft.region();
    Integer page = draft.page();
    String text = Objects.requireNonNullElse(draft.text(), "").strip();
    if (region == null && page == null) {
      return new Bookmark(number, seq, Event.NONE, 0, text);
    }
    if (region == null || page == null) {
      throw new IllegalArgumentException("region and page come together: tell both, or neither");
    }
    List<Region> regions = session.timeline().regions();
    if (region < 0 || region >= regions.size()) {
      throw new IllegalArgumentException(
          "region is one of the recording, of which there are %d from 0 on, not %d"
              .formatted(regions.size(), region));
    }
    int pages = regions.get(region).pages();
    if (page < 0 || page >= pages) {
      throw new IllegalArgumentException(
          "page is 0 to %d in region %s, not %d"
              .formatted(pages - 1, regions.get(region).name(), page));
    }
    return new Bookmark(number, seq, region, page, text);
  }
}
