package dev.faultscope.session.query;

import dev.faultscope.model.Actor;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;
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
        KernelView.of(timeline.kernel()));
  }
}
