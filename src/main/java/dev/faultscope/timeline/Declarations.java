package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a recording declares: itself, regions, actors, notes and bookmarks. Safe for many threads.
 */
final class Declarations {
  private static final int INFO = 1;
  private static final int REGION = 2;
  private static final int ACTOR = 3;
  private static final int NOTE = 4;
  private static final int KERNEL = 5;
  private static final int STATE = 6;
  private static final int BOOKMARK = 7;

  private final StateCodes codes = new StateCodes();
  private TimelineInfo info;
  private @Nullable KernelProfile kernel;
  private final Growing<Region> regions = new Growing<>();
  private final Growing<Actor> actors = new Growing<>();
  private final Growing<String> notes = new Growing<>();
  private final Growing<Bookmark> bookmarks = new Growing<>();
  private long pages;

  Declarations(TimelineInfo info) {
    this.info = info;
  }

  synchronized TimelineInfo info() {
    return info;
  }

  synchronized @Nullable KernelProfile kernel() {
    return kernel;
  }

  synchronized void kernel(KernelProfile profile) {
    kernel = profile;
  }

  StateCodes codes() {
    return codes;
  }

  List<Region> regions() {
    return regions.list();
  }

  List<Actor> actors() {
    return actors.list();
  }

  List<String> notes() {
    return notes.list();
  }

  List<Bookmark> bookmarks() {
    return bookmarks.list();
  }

  int regionCount() {
    return regions.size();
  }

  int actorCount() {
    return actors.size();
  }

  int noteCount() {
    return notes.size();
  }

  Region region(int index) {
    return regions.get(index);
  }

  synchronized void add(Region region) {
    if (region.index() != regions.size()) {
      throw new IllegalArgumentException(
          "region index " + region.index() + " is not the next one, " + regions.size());
    }
    if (pages + region.pages() > FileFormat.MAX_PAGES) {
      throw new IllegalArgumentException(
          "with region "
              + region.name()
              + " the timeline would have "
              + (pages + region.pages())
              + " pages, at most "
              + FileFormat.MAX_PAGES
              + " are possible");
    }
    pages += region.pages();
    codes.add(region);
    regions.put(region.index(), region);
  }

  synchronized void put(Actor actor) {
    if (actor.index() > actors.size()) {
      throw new IllegalArgumentException(
          "actor index " + actor.index() + " is beyond the next one, " + actors.size());
    }
    actors.put(actor.index(), actor);
  }

  synchronized boolean note(String text) {
    if (notes.size() >= FileFormat.MAX_NOTES) {
      return false;
    }
    notes.put(notes.size(), text);
    return true;
  }

  synchronized boolean bookmark(Bookmark bookmark) {
    int known = bookmarks.size();
    if (known >= Bookmark.MOST) {
      return false;
    }
    bookmarks.put(known, bookmark.numbered(known + 1));
    return true;
  }

  static void write(ChunkWriter to, TimelineInfo info) {
    new Item(INFO)
        .text(bounded(info.title()))
        .text(bounded(info.source()))
        .i64(info.originNs())
        .writeTo(to);
  }

  static void write(ChunkWriter to, Region region) {
    new Item(REGION)
        .u16(region.index())
        .text(bounded(region.name()))
        .i64(region.base())
        .i64(region.gpaBase())
        .i32(region.pages())
        .u8(region.backing().code())
        .u8(region.modes())
        .u8(region.inferred() ? 1 : 0)
        .i64(region.initial())
        .writeTo(to);
  }

  static void write(ChunkWriter to, Actor actor) {
    new Item(ACTOR)
        .u16(actor.index())
        .u8(actor.kind().code())
        .text(bounded(actor.name()))
        .i32(actor.tid())
        .i32(actor.vcpu())
        .writeTo(to);
  }

  static void write(ChunkWriter to, String note) {
    new Item(NOTE).text(note).writeTo(to);
  }

  static void write(ChunkWriter to, KernelProfile profile) {
    Item item = new Item(KERNEL).text(bounded(profile.version())).u16(profile.settings().size());
    profile.settings().forEach((name, value) -> item.text(bounded(name)).text(bounded(value)));
    item.writeTo(to);
  }

  static void write(ChunkWriter to, Bookmark bookmark) {
    new Item(BOOKMARK)
        .i64(bookmark.sequence())
        .u16(bookmark.region())
        .i32(bookmark.page())
        .text(bookmark.text())
        .writeTo(to);
  }

  static void writeState(ChunkWriter to, int code, int state) {
    new Item(STATE).u16(code).i64(state).writeTo(to);
  }

  /** One declaration: its kind, how long it is, and what it says. */
  private static final class Item {
    private final int kind;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

    Item(int kind) {
      this.kind = kind;
    }

    Item u8(int value) {
      bytes.write(value);
      return this;
    }

    Item u16(int value) {
      return u8(value).u8(value >>> 8);
    }

    Item i32(int value) {
      return u16(value).u16(value >>> 16);
    }

    Item i64(long value) {
      return i32((int) value).i32((int) (value >>> 32));
    }

    Item text(String value) {
      byte[] text = value.getBytes(StandardCharsets.UTF_8);
      i32(text.length);
      bytes.writeBytes(text);
      return this;
    }

    void writeTo(ChunkWriter to) {
      to.u8(kind).i32(bytes.size()).bytes(bytes.toByteArray());
    }
  }

  /** {@return a text short enough for the file; a longer one ends with an ellipsis} */
  static String bounded(String text) {
    if (text.length() <= FileFormat.MAX_TEXT_CHARS) {
      return text;
    }
    return text.substring(0, FileFormat.MAX_TEXT_CHARS - 1) + "…";
  }

  /** Takes in a META chunk; throws {@link TimelineException} where it says what cannot be. */
  void read(ChunkReader from, int version) {
    while (from.hasMore()) {
      try {
        int item = from.u8();
        readItem(item, version == 1 ? from : from.part(), version);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw from.damaged("a declaration cannot be: " + e.getMessage());
      }
    }
  }

  private void readItem(int item, ChunkReader from, int version) {
    switch (item) {
      case INFO -> {
        TimelineInfo read = new TimelineInfo(from.text(), from.text(), from.i64());
        synchronized (this) {
          info = read;
        }
      }
      case REGION -> {
        int index = from.u16();
        String name = from.text();
        long base = from.i64();
        long gpaBase = from.i64();
        int pages = from.i32();
        Backing backing = Backing.ofCode(from.u8());
        int modes = from.u8();
        boolean inferred = from.u8() != 0;
        int initial = version == 1 ? PageState.ABSENT : Math.toIntExact(from.i64());
        add(new Region(index, name, base, gpaBase, pages, backing, modes, inferred, initial));
      }
      case ACTOR -> {
        int index = from.u16();
        ActorKind kind = ActorKind.ofCode(from.u8());
        String name = from.text();
        put(new Actor(index, kind, name, from.i32(), from.i32()));
      }
      case NOTE -> note(from.text());
      case KERNEL -> {
        String release = from.text();
        Map<String, String> settings = new HashMap<>();
        for (int left = from.u16(); left > 0; left--) {
          settings.put(from.text(), from.text());
        }
        kernel(new KernelProfile(release, settings));
      }
      case STATE -> codes.add(from.u16(), from.i64());
      case BOOKMARK -> readBookmark(from);
      default -> {
        if (version == 1) {
          throw from.damaged("declaration " + item + " is not known");
        }
        // Said of something that this program does not know; its length lets it be passed over.
      }
    }
  }

  /** One that cannot be is no reason not to read on. */
  private void readBookmark(ChunkReader from) {
    long sequence = from.i64();
    int region = from.u16();
    int page = from.i32();
    String text = from.text();
    try {
      bookmark(new Bookmark(1, sequence, region, page, text));
    } catch (IllegalArgumentException e) {
      note("left out: " + e.getMessage());
    }
  }

  /** A list that grows, read as snapshots that are made only after it has. */
  private static final class Growing<T> {
    private final List<T> items = new ArrayList<>();
    private @Nullable List<T> snapshot;

    synchronized void put(int index, T item) {
      if (index == items.size()) {
        items.add(item);
      } else {
        items.set(index, item);
      }
      snapshot = null;
    }

    synchronized T get(int index) {
      return items.get(index);
    }

    synchronized int size() {
      return items.size();
    }

    synchronized List<T> list() {
      List<T> list = snapshot;
      if (list == null) {
        list = List.copyOf(items);
        snapshot = list;
      }
      return list;
    }
  }
}
