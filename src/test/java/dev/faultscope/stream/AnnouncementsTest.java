package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Event;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.Progress;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.RunView;
import dev.faultscope.session.Session;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.session.run.Capabilities;
import dev.faultscope.session.run.Run;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a browser is told of a recording that grows, within one instant. */
class AnnouncementsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;
  private final List<JsonNode> told = new ArrayList<>();
  private RecordingFile recording;
  private Session session;
  private Announcements announcements;
  private long nowNs;

  @BeforeEach
  void greet() throws IOException {
    recording =
        RecordingFile.create(
            folder.resolve("r.fscope"), new TimelineInfo("test recording", "live", 0));
    RecordedSessions.declare(recording, 16);
    session = new Session("0123456789abcdef", 1, recording.timeline(), Progress.running());
    announcements = new Announcements(session, new Browser(), () -> nowNs, false);
    announcements.hello();
    told.clear();
  }

  @Test
  void runThatIsOverIsToldAfterTheLastEventOfItsRecording() throws IOException {
    RecordedSessions.fault(recording, 0, 3, 1_000_000);
    session.run(anyRun(), () -> view(RunPhase.ENDED));

    announcements.meta();
    announcements.run();

    assertThat(told.stream().map(each -> each.get("type").stringValue()))
        .containsExactly("meta", "run");
    assertThat(told.getFirst().get("events").longValue()).isEqualTo(recording.lastSequence());
  }

  /** A run that is asked for nothing. */
  private static Run anyRun() {
    Class<?>[] types = {Run.class};
    return (Run)
        Proxy.newProxyInstance(
            Run.class.getClassLoader(),
            types,
            (_, method, _) -> {
              throw new AssertionError(method);
            });
  }

  @Test
  void threadIsNamedBeforeAnythingIsSaidOfIt() throws IOException {
    recording.actor(new Actor(3, ActorKind.THREAD, "toucher 0", 7, -1));

    announcements.meta();

    assertThat(told).hasSize(1);
    assertThat(told.getFirst().get("actors").toString()).contains("toucher 0");
  }

  @Test
  void growthAloneWaitsForItsTurn() throws IOException {
    RecordedSessions.fault(recording, 0, 3, 1_000_000);

    announcements.meta();

    assertThat(told).isEmpty();
  }

  @Test
  void bookmarksAreToldWhenTheyChangeAndOnceOnly() throws IOException {
    announcements.bookmarks();
    assertThat(told).isEmpty();

    RecordedSessions.fault(recording, 0, 3, 1_000_000);
    session.bookmarks(
        List.of(new Bookmark(4, 2, 0, 3, "<b>slow</b>"), new Bookmark(5, 9, Event.NONE, 0, "")));
    announcements.bookmarks();
    nowNs += 300_000_000;
    announcements.bookmarks();

    assertThat(told).hasSize(1);
    assertThat(told.getFirst())
        .isEqualTo(
            JSON.readTree(
                """
                {"type": "bookmarks", "bookmarks": [
                  {"number": 4, "seq": 2, "timeNs": 1000100, "region": 0, "page": 3,
                   "text": "<b>slow</b>"},
                  {"number": 5, "seq": 9, "timeNs": null, "region": null, "page": null,
                   "text": ""}]}
                """));

    // The moment of the second one is there now.
    RecordedSessions.fault(recording, 1, 4, 2_000_000);
    nowNs += 300_000_000;
    announcements.bookmarks();
    assertThat(told.getLast().at("/bookmarks/1/timeNs").longValue()).isEqualTo(2_000_200);

    session.bookmarks(List.of());
    announcements.bookmarks();
    assertThat(told).as("at most four times a second").hasSize(2);
    nowNs += 300_000_000;
    announcements.bookmarks();
    assertThat(told.getLast().get("bookmarks")).isEmpty();
  }

  private static RunView view(RunPhase phase) {
    Capabilities none =
        new Capabilities(
            List.of(),
            "no",
            "no",
            "no",
            "no",
            "no",
            Arrays.stream(RunCommand.Injection.values())
                .collect(Collectors.toMap(Function.identity(), _ -> "no")),
            Arrays.stream(UffdIoctl.values())
                .collect(Collectors.toMap(Function.identity(), _ -> "no")));
    return new RunView(
        "0123456789abcdef",
        "test",
        "live",
        null,
        false,
        null,
        List.of(),
        new RunStatus(
            1,
            phase,
            false,
            "on-demand",
            null,
            List.of("kind = wake"),
            new Breakpoints.Stop(3, List.of("kind = wake")),
            null,
            List.of(),
            0,
            List.of("uffd"),
            none,
            null,
            new RunStatus.Live(0, 0, null, null)));
  }

  private final class Browser implements Outbound {
    @Override
    public void text(String message) {
      told.add(JSON.readTree(message));
    }

    @Override
    public void binary(byte[] frame) {
      throw new AssertionError("no page is announced");
    }

    @Override
    public void close(String reason) {
      throw new AssertionError(reason);
    }
  }
}
