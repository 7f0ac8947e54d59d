package dev.faultscope.web;

import dev.faultscope.session.Progress;
import dev.faultscope.session.Questions;
import dev.faultscope.session.Session;
import dev.faultscope.session.query.MetaView;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A recording as {@code GET /api/recordings/{id}} answers it: what the socket calls {@code meta},
 * and counts.
 */
record RecordingDetails(
    String id,
    String title,
    String source,
    long originNs,
    List<MetaView.RegionView> regions,
    List<MetaView.ActorView> actors,
    long events,
    long endNs,
    boolean complete,
    int notes,
    List<Integer> states,
    @Nullable String origin,
    MetaView.@Nullable KernelView kernel,
    ProgressDetails progress,
    long faults,
    List<String> noteTexts) {

  /** How far the recording is there. */
  record ProgressDetails(String state, long bytesRead, long bytesTotal, @Nullable String message) {}

  static RecordingDetails of(Session session) {
    Progress progress = session.progress();
    MetaView meta = session.meta();
    return new RecordingDetails(
        session.id(),
        session.title(),
        session.source(),
        session.originNs(),
        meta.regions(),
        meta.actors(),
        meta.events(),
        meta.endNs(),
        meta.complete(),
        meta.notes(),
        meta.states(),
        meta.origin(),
        meta.kernel(),
        new ProgressDetails(
            progress.state().name().toLowerCase(Locale.ROOT),
            progress.bytesRead(),
            progress.bytesTotal(),
            progress.message()),
        Questions.faultCount(session),
        Questions.notes(session));
  }
}
