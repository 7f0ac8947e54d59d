package dev.faultscope.session.query;

import dev.faultscope.timeline.Moment;
import java.util.List;
import java.util.Locale;

/**
 * What an actor does.
 *
 * @param activity {@code unknown}, {@code running}, {@code blocked}, {@code handling}, {@code
 *     idle}, {@code kernel} or {@code vmm}
 * @param sinceNs since when
 * @param seq the event that made it so
 */
public record DoingView(String activity, long sinceNs, long seq) {
  /** {@return what every actor does at a moment, by index} */
  public static List<DoingView> of(Moment moment) {
    return moment.actors().stream()
        .map(doing -> new DoingView(word(doing.activity()), doing.sinceNs(), doing.sequence()))
        .toList();
  }

  static String word(Moment.Activity activity) {
    return activity.name().toLowerCase(Locale.ROOT);
  }
}
