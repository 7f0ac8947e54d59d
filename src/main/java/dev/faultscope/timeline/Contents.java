package dev.faultscope.timeline;

import dev.faultscope.model.Content;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the events of one chunk say of bytes, in the order of the events.
 *
 * <p>One thread adds. Others may look up events that were published after what is said of them was
 * added: every entry is one long, which is there by then, and an entry that is not there yet is 0.
 */
final class Contents {
  /** Place, field and length of an entry in a MORE chunk. */
  private static final int LEAST_ENTRY_BYTES = 4;

  private static final int FIELD = 1;

  /** Offset, bytes, form, value. */
  private static final int FIELD_BYTES = 6;

  private static final int FORM_BYTE = 0;
  private static final int FORM_PAGE_NUMBER = 1;

  private static final int LEAST_ROOM = 16;

  // An entry from the lowest bit up: the value and one more, the length, the offset, the place.
  private static final int LENGTH_AT = 9;
  private static final int OFFSET_AT = 22;
  private static final int PLACE_AT = 34;
  private static final int VALUE_MASK = 0x1ff;
  private static final int LENGTH_MASK = 0x1fff;
  private static final int OFFSET_MASK = 0xfff;

  private volatile long[] entries;
  private int size;

  Contents() {
    this(LEAST_ROOM);
  }

  private Contents(int room) {
    entries = new long[room];
  }

  /** {@return those of the next chunk, with room for as many: chunks of a recording are alike} */
  Contents next() {
    return new Contents(Math.max(LEAST_ROOM, size + size / 8));
  }

  /** Adds what a draft says to the event at a place in the chunk, counted from 0. */
  void add(int place, EventDraft draft) {
    for (int i = 0; i < draft.contents; i++) {
      add(place, draft.offsets[i], draft.lengths[i], draft.values[i]);
    }
  }

  private void add(int place, int offset, int length, int value) {
    long[] into = entries;
    if (size == into.length) {
      into = Arrays.copyOf(into, size * 2);
      entries = into;
    }
    into[size++] =
        (long) place << PLACE_AT
            | (long) offset << OFFSET_AT
            | (long) length << LENGTH_AT
            | value + 1;
  }

  private static int place(long entry) {
    return (int) (entry >>> PLACE_AT);
  }

  private static int offset(long entry) {
    return (int) (entry >>> OFFSET_AT) & OFFSET_MASK;
  }

  private static int length(long entry) {
    return (int) (entry >>> LENGTH_AT) & LENGTH_MASK;
  }

  private static int value(long entry) {
    return ((int) entry & VALUE_MASK) - 1;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** {@return the bytes that {@link #write} writes} */
  long bytes() {
    return Integer.BYTES + (long) size * (LEAST_ENTRY_BYTES + FIELD_BYTES);
  }

  /** {@return what is said of the event at a place} */
  List<Content> at(int place) {
    long[] from = entries;
    int index = firstOf(from, place);
    List<Content> found = new ArrayList<>();
    for (; index < from.length && from[index] != 0 && place(from[index]) == place; index++) {
      long entry = from[index];
      found.add(new Content(offset(entry), length(entry), value(entry)));
    }
    return List.copyOf(found);
  }

  /** {@return where the first entry is that is of the place or a later one, or not there yet} */
  private static int firstOf(long[] entries, int place) {
    int low = 0;
    int high = entries.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long entry = entries[middle];
      if (entry != 0 && place(entry) < place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Writes the payload of a MORE chunk. */
  void write(ChunkWriter to) {
    to.i32(size);
    long[] from = entries;
    for (int i = 0; i < size; i++) {
      long entry = from[i];
      int value = value(entry);
      // Place, field, its bytes, offset, length; form and value. Little-endian, as all of the file.
      to.i64(
              place(entry)
                  | FIELD << 16
                  | FIELD_BYTES << 24
                  | (long) offset(entry) << 32
                  | (long) length(entry) << 48)
          .u16(value == Content.PATTERN ? FORM_PAGE_NUMBER : FORM_BYTE | value << 8);
    }
  }

  /**
   * Reads the payload of a MORE chunk about some events; fields and forms that are not known are
   * passed over.
   *
   * @throws TimelineException if it is none
   */
  static Contents read(ChunkReader from, int events) {
    Contents contents = new Contents();
    int entries = from.count(LEAST_ENTRY_BYTES);
    int last = 0;
    for (int i = 0; i < entries; i++) {
      int place = from.u16();
      int field = from.u8();
      int bytes = from.u8();
      if (place < last || place >= events) {
        throw from.damaged("more is said of event " + place + " of " + events);
      }
      last = place;
      if (field != FIELD || bytes < FIELD_BYTES) {
        from.skip(bytes);
        continue;
      }
      int offset = from.u16();
      int length = from.u16();
      int form = from.u8();
      int value = from.u8();
      from.skip(bytes - FIELD_BYTES);
      if (form > FORM_PAGE_NUMBER) {
        continue;
      }
      if (!Content.isPossible(offset, length)) {
        throw from.damaged("bytes " + offset + " + " + length + " are not of a page");
      }
      contents.add(place, offset, length, form == FORM_PAGE_NUMBER ? Content.PATTERN : value);
    }
    return contents;
  }
}
