package dev.faultscope.session.query;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Event;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.Timeline;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An event as a view shows it: docs/wire-protocol.md, "Event object".
 *
 * @param kind name of the kind in lower case
 * @param detailText the detail in words; empty where the kind has none
 * @param region null for none
 * @param actor null for none
 * @param bytes what it says of the bytes of its first page; empty where nothing is known
 * @param errnoName null for success
 */
public record ShownEvent(
    long seq,
    long timeNs,
    String kind,
    int detail,
    String detailText,
    int flags,
    @Nullable Integer region,
    int page,
    int pages,
    @Nullable Integer actor,
    int before,
    int after,
    int errno,
    @Nullable String errnoName,
    long cause,
    List<ShownBytes> bytes) {

  /** {@return the view of an event} */
  public static ShownEvent of(Timeline timeline, Event event) {
    return new ShownEvent(
        event.sequence(),
        event.timeNs(),
        event.kind().name().toLowerCase(Locale.ROOT),
        event.detail(),
        detailText(event),
        event.flags(),
        orNull(event.region()),
        event.firstPage(),
        event.pageCount(),
        orNull(event.actor()),
        event.before(),
        event.after(),
        event.errno(),
        event.errno() == 0 ? null : Errno.nameOf(event.errno()),
        event.cause(),
        ShownBytes.of(event, timeline.contents(event.sequence())));
  }

  /** {@return an event's detail in words; empty where its kind has none} */
  static String detailText(Event event) {
    int detail = event.detail();
    return switch (event.kind()) {
      case TOUCH -> AccessOrigin.ofCode(detail).text();
      case DECIDE -> DecideReason.ofCode(detail).text();
      case CALL, IOCTL -> "UFFDIO_" + UffdIoctl.ofCode(detail).name();
      case EXIT -> ExitReason.ofCode(detail).text();
      case HOLE -> HoleKind.ofCode(detail).text();
      case KERNEL -> KernelEventKind.ofCode(detail).text();
      case REGION -> RegionChange.ofCode(detail).text();
      case ENQUEUE, READ, WAKE -> {
        FaultOrigin origin = FaultOrigin.ofCode(detail);
        yield origin == FaultOrigin.UFFD ? "" : origin.word();
      }
      case INSTALL, RETRY, NOTE -> "";
    };
  }

  static @Nullable Integer orNull(int index) {
    return index == Event.NONE ? null : index;
  }
}
