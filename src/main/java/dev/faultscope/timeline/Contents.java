package dev.faultscope.timeline;

import dev.faultscope.model.Content;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the events of one chunk say of bytes, in the order of the events. One thread adds, any may
 * look.
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

  private int[] places;
  private long[] packed;
  private int size;

  Contents() {
    this(LEAST_ROOM);
  }

  private Contents(int room) {
    places = new int[room];
    packed = new long[room];
  }

  /** {@return those of the next chunk, with room for as many: chunks of a recording are alike} */
  synchronized Contents next() {
    return new Contents(Math.max(LEAST_ROOM, size + size / 8));
  }

  /** Adds what a draft says to the event at a place in the chunk, counted from 0. */
  synchronized void add(int place, EventDraft draft) {
    for (int i = 0; i < draft.contents; i++) {
      add(place, draft.offsets[i], draft.lengths[i], draft.values[i]);
    }
  }

  private void add(int place, int offset, int length, int value) {
    if (size == places.length) {
      places = Arrays.copyOf(places, size * 2);
      packed = Arrays.copyOf(packed, size * 2);
    }
    places[size] = place;
    packed[size++] = (long) offset << 32 | (long) length << 16 | value & 0xffff;
  }

  synchronized boolean isEmpty() {
    return size == 0;
  }

  /** {@return the bytes that {@link #write} writes} */
  synchronized long bytes() {
    return Integer.BYTES + (long) size * (LEAST_ENTRY_BYTES + FIELD_BYTES);
  }

  /** {@return what is said of the event at a place} */
  synchronized List<Content> at(int place) {
    int index = Arrays.binarySearch(places, 0, size, place);
    if (index < 0) {
      return List.of();
    }
    while (index > 0 && places[index - 1] == place) {
      index--;
    }
    List<Content> found = new ArrayList<>();
    for (; index < size && places[index] == place; index++) {
      long entry = packed[index];
      found.add(new Content((int) (entry >> 32), (int) (entry >> 16) & 0xffff, (short) entry));
    }
    return List.copyOf(found);
  }

  /** Writes the payload of a MORE chunk. */
  synchronized void write(ChunkWriter to) {
    to.i32(size);
    for (int i = 0; i < size; i++) {
      int value = (short) packed[i];
      long offset = packed[i] >> 32 & 0xffff;
      long length = packed[i] >> 16 & 0xffff;
      // Place, field, its bytes, offset, length; form and value. Little-endian, as all of the file.
      to.i64(places[i] & 0xffff | FIELD << 16 | FIELD_BYTES << 24 | offset << 32 | length << 48)
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
