package dev.faultscope.live.watch;

import dev.faultscope.linux.Linux;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import java.util.Map;

/**
 * Writes what a watch concludes. Every event carries the inferred flag: no sample saw it happen,
 * two samples differed.
 */
final class WatchJournal {
  private static final int MOST_NOTES = 1000;

  private final Recorder recorder;
  private final EventDraft draft = new EventDraft();
  private int notes;

  WatchJournal(Recorder recorder) {
    this.recorder = recorder;
    recorder.kernel(new KernelProfile(Linux.release(), Map.of()));
  }

  Recorder recorder() {
    return recorder;
  }

  /** {@return an event about pages of a region, or about no known page where there are none} */
  EventDraft on(EventKind kind, long time, int region, int page, int pages) {
    EventDraft event = draft.of(kind, time);
    return pages == 0
        ? event.flags(EventFlags.INFERRED | EventFlags.PAGE_UNKNOWN)
        : event.pages(region, page, pages).flags(EventFlags.INFERRED);
  }

  /** {@return an event of a thread on a page that no sample can name} */
  EventDraft unplaced(EventKind kind, long time) {
    return unplaced(kind, time, 0);
  }

  /** {@return the same, with what is known or not of its access and its fault} */
  EventDraft unplaced(EventKind kind, long time, int flags) {
    return draft.of(kind, time).flags(EventFlags.INFERRED | EventFlags.PAGE_UNKNOWN | flags);
  }

  long append(EventDraft event) {
    return recorder.append(event);
  }

  long events() {
    return recorder.lastSequence();
  }

  void kernel(KernelEventKind what, long time) {
    append(unplaced(EventKind.KERNEL, time).detail(what.code()));
  }

  /** Keeps a remark, and its place in time; at most a thousand. */
  void note(String text, long time) {
    if (notes < MOST_NOTES) {
      recorder.note(notes == MOST_NOTES - 1 ? "no further remarks are kept" : text);
      append(draft.of(EventKind.NOTE, time).pages(Event.NONE, notes, 0));
      notes++;
    }
  }
}
