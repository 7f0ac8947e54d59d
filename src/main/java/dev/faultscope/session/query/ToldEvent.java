package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.timeline.Timeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event with its sentence: a line of a causal chain or of a page's history.
 *
 * @param text the narrator's sentence
 */
public record ToldEvent(
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
    List<ShownBytes> bytes,
    String text) {

  static ToldEvent of(Timeline timeline, Event event, Narrator narrator) {
    ShownEvent view = ShownEvent.of(timeline, event);
    return new ToldEvent(
        view.seq(),
        view.timeNs(),
        view.kind(),
        view.detail(),
        view.detailText(),
        view.flags(),
        view.region(),
        view.page(),
        view.pages(),
        view.actor(),
        view.before(),
        view.after(),
        view.errno(),
        view.errnoName(),
        view.cause(),
        view.bytes(),
        narrator.tell(event));
  }
}
