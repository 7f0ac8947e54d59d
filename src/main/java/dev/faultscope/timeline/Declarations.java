package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Region;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a recording declares: itself, regions, actors and notes. Safe for many threads. */
final class Declarations {
  private static final int INFO = 1;
  private static final int REGION = 2;
  private static final int ACTOR = 3;
  private static final int NOTE = 4;

  private TimelineInfo info;
  private final Growing<Region> regions = new Growing<>();
  private final Growing<Actor> actors = new Growing<>();
  private final Growing<String> notes = new Growing<>();
  private long pages;

  Declarations(TimelineInfo info) {
    this.info = info;
  }

  synchronized TimelineInfo info() {
    return info;
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

  static void write(ChunkWriter to, TimelineInfo info) {
    to.u8(INFO).text(bounded(info.title())).text(bounded(info.source())).i64(info.originNs());
  }

  static void write(ChunkWriter to, Region region) {
    to.u8(REGION).u16(region.index()).text(bounded(region.name()));
    to.i64(region.base()).i64(region.gpaBase()).i32(region.pages());
    to.u8(region.backing().code()).u8(region.modes()).u8(region.inferred() ? 1 : 0);
  }

  static void write(ChunkWriter to, Actor actor) {
    to.u8(ACTOR).u16(actor.index()).u8(actor.kind().code()).text(bounded(actor.name()));
    to.i32(actor.tid()).i32(actor.vcpu());
  }

  static void write(ChunkWriter to, String note) {
    to.u8(NOTE).text(note);
  }

  /** {@return a text short enough for the file; a longer one ends with an ellipsis} */
  static String bounded(String text) {
    if (text.length() <= FileFormat.MAX_TEXT_CHARS) {
      return text;
    }
    return text.substring(0, FileFormat.MAX_TEXT_CHARS - 1) + "…";
  }

  /** Takes in a META chunk; throws {@link TimelineException} where it says what cannot be. */
  void read(ChunkReader from) {
    while (from.hasMore()) {
      try {
        readItem(from);
      } catch (IllegalArgumentException e) {
        throw from.damaged("a declaration cannot be: " + e.getMessage());
      }
    }
  }

  private void readItem(ChunkReader from) {
    int item = from.u8();
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
        add(new Region(index, name, base, gpaBase, pages, backing, modes, from.u8() != 0));
      }
      case ACTOR -> {
        int index = from.u16();
        ActorKind kind = ActorKind.ofCode(from.u8());
        String name = from.text();
        put(new Actor(index, kind, name, from.i32(), from.i32()));
      }
      case NOTE -> note(from.text());
      default -> throw from.damaged("declaration " + item + " is not known");
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
