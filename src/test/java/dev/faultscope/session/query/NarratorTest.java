package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.Moment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NarratorTest {
  private final Narrator narrator =
      new Narrator(
          List.of(
              new Region(0, "guest-ram", 0x7f0000000000L, 0, 4096, Backing.MEMFD, 4, false),
              new Region(1, "heap", 0x100000L, Region.NO_GPA, 16, Backing.ANON, 1, true)),
          List.of(
              new Actor(0, ActorKind.VCPU, "CPU 1/KVM", 100, 1),
              new Actor(1, ActorKind.HANDLER, "handler", 101, -1)),
          List.of("3 lines were damaged"));

  private static Event event(
      EventKind kind,
      int detail,
      int flags,
      int region,
      int page,
      int pages,
      int actor,
      int errno) {
    return new Event(9, 1000, kind, detail, flags, region, page, pages, actor, 0, 3, errno, 8);
  }

  @Test
  void aQueuedFaultIsToldWithItsPageAndDepth() {
    Moment moment =
        new Moment(
            9,
            1000,
            List.of(
                new Moment.Entry(
                    9, 0, 0, 0x1a3, 0, 1000, Moment.Phase.PENDING, Event.NONE, FaultOrigin.UFFD),
                new Moment.Entry(4, 1, 0, 0x1a2, 0, 900, Moment.Phase.READ, 1, FaultOrigin.UFFD)),
            List.of());

    assertThat(
            narrator.tell(
                event(EventKind.ENQUEUE, 0, EventFlags.WRITE | EventFlags.MINOR, 0, 0x1a3, 1, 0, 0),
                moment))
        .isEqualTo("vCPU 1 wrote gfn 0x1a3 (guest-ram): minor fault queued, depth 2");
  }

  @Test
  void whatIsNotKnownOfAFaultIsSaidAsUnknown() {
    int sampled =
        EventFlags.INFERRED
            | EventFlags.PAGE_UNKNOWN
            | EventFlags.ACCESS_UNKNOWN
            | EventFlags.KIND_UNKNOWN;

    assertThat(narrator.tell(event(EventKind.ENQUEUE, 0, sampled, Event.NONE, 0, 0, 0, 0)))
        .isEqualTo(
            "vCPU 1 touched a page the recording does not name: fault of an unknown kind queued"
                + " (inferred)");
    assertThat(narrator.tell(event(EventKind.READ, 0, sampled, Event.NONE, 0, 0, 1, 0)))
        .isEqualTo(
            "handler read the message of a fault of an unknown kind on a page the recording does"
                + " not name (inferred)");
    int minor = EventFlags.PAGE_UNKNOWN | EventFlags.ACCESS_UNKNOWN | EventFlags.MINOR;
    assertThat(narrator.tell(event(EventKind.ENQUEUE, 0, minor, Event.NONE, 0, 0, 0, 0)))
        .isEqualTo("vCPU 1 touched a page the recording does not name: minor fault queued");
  }

  @Test
  void aReadWriteProtectFaultIsNoMissingOne() {
    assertThat(narrator.tell(event(EventKind.ENQUEUE, 0, EventFlags.RWP, 0, 1, 1, 0, 0)))
        .isEqualTo("vCPU 1 read gfn 0x1 (guest-ram): read-write-protect fault queued");
  }

  @Test
  void anIoctlIsToldWithItsResult() {
    assertThat(narrator.tell(event(EventKind.IOCTL, UffdIoctl.COPY.code(), 0, 1, 2, 3, 1, 17)))
        .isEqualTo("UFFDIO_COPY on pages 0x2…0x4 (heap) by handler failed: EEXIST");
  }

  @Test
  void whatWasConcludedIsSaidToBe() {
    assertThat(narrator.tell(event(EventKind.WAKE, 0, EventFlags.INFERRED, 0, 1, 1, 0, 0)))
        .isEqualTo("vCPU 1 is woken on gfn 0x1 (guest-ram) (inferred)");
  }

  @ParameterizedTest
  @EnumSource
  void everyKindHasASentenceEvenWithoutPageOrActor(EventKind kind) {
    assertThat(narrator.tell(event(kind, 255, 0, Event.NONE, 0, 0, Event.NONE, 0)))
        .isNotBlank()
        .doesNotContain("null");
  }
}
