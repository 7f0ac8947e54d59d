package dev.faultscope.trace.fscope;

import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.input.ProgressMeter;

/** Copies one timeline into another recording, record by record. */
final class TimelineCopy {
  static final int RECORD_BYTES = 32;
  private static final int BATCH = 1 << 14;

  private TimelineCopy() {}

  /**
   * Copies everything a timeline holds now but bookmarks; sequence numbers stay the same.
   *
   * @param name what it is called where it is not whole
   */
  static void copy(Timeline from, String name, Recorder to, ProgressMeter meter) {
    from.regions().forEach(to::region);
    from.actors().forEach(to::actor);
    KernelProfile kernel = from.kernel();
    if (kernel != null) {
      to.kernel(kernel);
    }
    from.notes().forEach(to::note);
    EventDraft draft = new EventDraft();
    long last = from.lastSequence();
    for (long sequence = 1; sequence <= last; sequence++) {
      Event event = from.event(sequence);
      draft
          .of(event.kind(), event.timeNs())
          .detail(event.detail())
          .flags(event.flags())
          .pages(event.region(), event.firstPage(), event.pageCount())
          .actor(event.actor())
          .change(~0, event.after())
          .errno(event.errno())
          .cause(event.cause());
      for (Content content : from.contents(sequence)) {
        draft.content(content.offset(), content.length(), content.value());
      }
      to.append(draft);
      if (sequence % BATCH == 0) {
        meter.add((long) BATCH * RECORD_BYTES);
      }
    }
    String lost = from.recovery().inWords(name, last, from.endNs());
    if (!lost.isEmpty()) {
      to.note(lost);
    }
  }
}
