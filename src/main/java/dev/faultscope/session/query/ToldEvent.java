package dev.faultscope.session.query;

import dev.faultscope.model.Event;
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
    String text) {

  static ToldEvent of(Event event, Narrator narrator) {
    ShownEvent view = ShownEvent.of(event);
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
        narrator.tell(event));
  }
}
