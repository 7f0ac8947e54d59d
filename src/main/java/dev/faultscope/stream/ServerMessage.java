package dev.faultscope.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.faultscope.session.Progress;
import dev.faultscope.session.RunView;
import dev.faultscope.session.query.BookmarkView;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.session.query.DoingView;
import dev.faultscope.session.query.MetaView;
import dev.faultscope.session.query.MomentView;
import dev.faultscope.session.query.QueueView;
import dev.faultscope.session.query.ShownEvent;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What the server says in JSON: docs/wire-protocol.md, "Server messages". */
sealed interface ServerMessage {
  JsonMapper JSON = JsonMapper.builder().build();

  /** {@return the JSON text} */
  default String toJson() {
    return JSON.writeValueAsString(this);
  }

  /** Names the recording. */
  record RecordingName(String id, String title, String source, long originNs) {}

  /** Answers the client's first message. */
  record Hello(String type, int protocol, long epoch, boolean resumed, RecordingName recording)
      implements ServerMessage {}

  /** How far the recording is there. */
  record ProgressView(String state, long bytesRead, long bytesTotal, @Nullable String message) {
    static ProgressView of(Progress progress) {
      return new ProgressView(
          progress.state().name().toLowerCase(Locale.ROOT),
          progress.bytesRead(),
          progress.bytesTotal(),
          progress.message());
    }
  }

  /** What the recording consists of by now. */
  record Meta(
      String type,
      List<MetaView.RegionView> regions,
      List<MetaView.ActorView> actors,
      long events,
      long endNs,
      boolean complete,
      int notes,
      List<Integer> states,
      @Nullable String origin,
      MetaView.@Nullable KernelView kernel,
      ProgressView progress)
      implements ServerMessage {
    static Meta of(MetaView meta, Progress progress) {
      return new Meta(
          "meta",
          meta.regions(),
          meta.actors(),
          meta.events(),
          meta.endNs(),
          meta.complete(),
          meta.notes(),
          meta.states(),
          meta.origin(),
          meta.kernel(),
          ProgressView.of(progress));
    }
  }

  /** Ends an update: what is not a page. */
  record Moment(
      String type,
      long seq,
      long timeNs,
      @Nullable ShownEvent event,
      String narration,
      QueueView queue,
      List<DoingView> actors,
      boolean playing,
      boolean following)
      implements ServerMessage {
    static Moment of(MomentView moment) {
      return new Moment(
          "moment",
          moment.seq(),
          moment.timeNs(),
          moment.event(),
          moment.narration(),
          moment.queue(),
          moment.actors(),
          moment.playing(),
          moment.following());
    }
  }

  /** Counts. */
  record Stats(String type, long events, long endNs, long conflated, long unacked)
      implements ServerMessage {}

  /** What people noted at moments of the recording, all of it. */
  record Bookmarks(String type, List<BookmarkView> bookmarks) implements ServerMessage {}

  /** How what writes the recording stands. */
  record Run(String type, @JsonUnwrapped RunDetails run) implements ServerMessage {
    static Run of(RunView run) {
      return new Run("run", RunDetails.of(run));
    }
  }

  /** Answers a find. */
  record Found(String type, List<String> queries, @Nullable Long seq, int direction, long scanned)
      implements ServerMessage {
    static Found of(int direction, Breakpoints.@Nullable Stop stop, long scanned) {
      return new Found(
          "found",
          stop == null ? List.of() : stop.queries(),
          stop == null ? null : stop.seq(),
          direction,
          scanned);
    }
  }

  /** Something asked for was not done. */
  record Failure(
      String type,
      String code,
      String message,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer position)
      implements ServerMessage {
    static Failure of(String code, String message, int position) {
      return new Failure("error", code, message, position < 0 ? null : position);
    }
  }
}
