package dev.faultscope.session.query;

import dev.faultscope.model.Actor;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.ChunkSummary;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.EventView;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.Timeline;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a recording consists of by now.
 *
 * @param events last sequence number
 * @param endNs time of the last event
 * @param complete whether nothing will be added
 * @param notes number of remarks
 * @param states what the codes of page states from 0x8000 on mean
 * @param origin what its faults wait for: {@code uffd} where it has a userfaultfd, else {@code
 *     stage2}, {@code kvm} or {@code host}; null while there is none
 * @param kernel whose rules the events follow, null where that is not told
 */
public record MetaView(
    List<RegionView> regions,
    List<ActorView> actors,
    long events,
    long endNs,
    boolean complete,
    int notes,
    List<Integer> states,
    @Nullable String origin,
    @Nullable KernelView kernel) {

  /** Whose rules the events follow. */
  public record KernelView(String version, Map<String, String> settings) {
    static @Nullable KernelView of(@Nullable KernelProfile kernel) {
      return kernel == null ? null : new KernelView(kernel.version(), kernel.settings());
    }
  }

  /**
   * A region.
   *
   * @param base hex
   * @param gpaBase hex, null where unknown
   * @param modes bits 1 missing, 2 write-protect, 4 minor, 8 read-write-protect
   * @param initial what state its pages have at the start: what code 0 means there
   */
  public record RegionView(
      int index,
      String name,
      String base,
      @Nullable String gpaBase,
      int pages,
      String backing,
      int modes,
      boolean inferred,
      int initial) {

    static RegionView of(Region region) {
      return new RegionView(
          region.index(),
          region.name(),
          hex(region.base()),
          region.gpaBase() == Region.NO_GPA ? null : hex(region.gpaBase()),
          region.pages(),
          region.backing().text(),
          region.modes(),
          region.inferred(),
          region.initial());
    }

    private static String hex(long address) {
      return "0x" + Long.toHexString(address);
    }
  }

  /**
   * An actor.
   *
   * @param tid -1 for none
   * @param vcpu -1 for none
   */
  public record ActorView(int index, String kind, String name, String label, int tid, int vcpu) {
    static ActorView of(Actor actor) {
      return new ActorView(
          actor.index(),
          actor.kind().name().toLowerCase(Locale.ROOT),
          actor.name(),
          actor.label(),
          actor.tid(),
          actor.vcpu());
    }
  }

  /** As the statistics choose it, from the first events that say so. */
  private static @Nullable String originOf(Timeline timeline) {
    long fault = first(timeline, new OfKind(EventKind.ENQUEUE));
    if (fault == 0) {
      boolean isCalled = first(timeline, new OfKind(EventKind.IOCTL)) != 0;
      return isCalled ? FaultOrigin.UFFD.id() : null;
    }
    FaultOrigin origin = FaultOrigin.ofCode(timeline.event(fault).detail());
    // A guest's faults may come behind some of the host's.
    boolean isOfAHost = origin == FaultOrigin.HOST || origin == FaultOrigin.KVM;
    return isOfAHost && first(timeline, new OfStageTwo()) != 0
        ? FaultOrigin.STAGE2.id()
        : origin.id();
  }

  private static long first(Timeline timeline, EventPredicate wanted) {
    return timeline.lastSequence() == 0
        ? 0
        : timeline.search().find(wanted, 1, Search.Direction.FORWARD).first();
  }

  /** Faults between a guest and KVM. */
  private record OfStageTwo() implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return chunk.count(EventKind.ENQUEUE) > 0;
    }

    @Override
    public boolean test(EventView event) {
      return event.kind() == EventKind.ENQUEUE.code()
          && event.detail() == FaultOrigin.STAGE2.code();
    }
  }

  /** Events of a kind. */
  private record OfKind(EventKind kind) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return chunk.count(kind) > 0;
    }

    @Override
    public boolean test(EventView event) {
      return event.kind() == kind.code();
    }
  }

  /** {@return what a recording consists of by now} */
  public static MetaView of(Timeline timeline) {
    // Completeness first: what is read after it can only be more.
    boolean complete = timeline.isComplete();
    return new MetaView(
        timeline.regions().stream().map(RegionView::of).toList(),
        timeline.actors().stream().map(ActorView::of).toList(),
        timeline.lastSequence(),
        timeline.endNs(),
        complete,
        timeline.notes().size(),
        Arrays.stream(timeline.codes().toArray()).boxed().toList(),
        originOf(timeline),
        KernelView.of(timeline.kernel()));
  }
}
