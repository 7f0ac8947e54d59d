package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.Command;
import dev.faultscope.session.DrivenExploration;
import dev.faultscope.session.Pace;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.Session;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.Cursor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WebViewerTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path dir;
  private final AtomicLong clock = new AtomicLong();

  /** A browser that does what the protocol says, and checks what it is told. */
  private static final class Browser implements Outbound {
    final FrameReader.Picture picture = new FrameReader.Picture();
    final List<JsonNode> messages = new ArrayList<>();
    final List<byte[]> pending = new ArrayList<>();
    int received;
    long moment = -1;
    boolean closed;

    @Override
    public void text(String message) {
      JsonNode node = JSON.readTree(message);
      messages.add(node);
      if (node.get("type").stringValue().equals("moment")) {
        pending.forEach(picture::apply);
        pending.clear();
        moment = node.get("seq").longValue();
      }
    }

    @Override
    public void binary(byte[] frame) {
      received++;
      pending.add(frame);
    }

    @Override
    public void close(String reason) {
      closed = true;
    }

    List<JsonNode> ofType(String type) {
      return messages.stream().filter(m -> m.get("type").stringValue().equals(type)).toList();
    }

    /** The picture is that of the moment, page by page. */
    void check(Session session) {
      if (moment < 0) {
        return;
      }
      try (Cursor cursor = session.timeline().cursor()) {
        cursor.seek(moment);
        for (var region : session.timeline().regions()) {
          char[] states = new char[region.pages()];
          cursor.states(region.index(), 0, states.length, states, 0);
          assertThat(picture.states(region.index(), states.length))
              .as("region %d at moment %d", region.index(), moment)
              .isEqualTo(states);
        }
      }
    }
  }

  @Test
  void whateverIsAskedAndHoweverSlowlyItIsTakenEveryPictureIsThatOfItsMoment() {
    Seeds.forEach(
        12,
        seed -> {
          Random random = new Random(seed);
          int pages = 1 + random.nextInt(random.nextBoolean() ? 50 : 30_000);
          int faults = 1 + random.nextInt(3000);
          Session session =
              RecordedSessions.faults(dir.resolve(seed + ".fscope"), seed, faults, pages);
          Browser browser = new Browser();
          WebViewer viewer = new WebViewer(session, browser, clock::get, -1);
          try (DrivenExploration exploration =
              new DrivenExploration(session, viewer, clock::get, -1, random.nextInt(faults))) {
            for (int i = 0; i < 150; i++) {
              clock.addAndGet(random.nextInt(100_000_000));
              exploration.execute(anything(random, faults * 6L, pages));
              exploration.turn();
              browser.check(session);
              if (random.nextInt(3) == 0) {
                assertThat(viewer.ack(browser.received)).isTrue();
                exploration.turn();
                browser.check(session);
              }
            }
            exploration.execute(new Command.Pause());
            converge(browser, viewer, exploration);
            assertThat(browser.moment).isEqualTo(exploration.seq());
            browser.check(session);
            assertThat(browser.closed).isFalse();
          }
          session.timeline().close();
        });
  }

  private static Command anything(Random random, long events, int pages) {
    int by = random.nextBoolean() ? 1 + random.nextInt(20) : -1 - random.nextInt(20);
    return switch (random.nextInt(8)) {
      case 0 -> new Command.Seek(random.nextLong(events + 1));
      case 1 -> new Command.SeekTime(random.nextLong(events * 300));
      case 2 -> new Command.Step(by, Command.Unit.FAULT, null, null, null);
      case 3 -> new Command.Step(by, Command.Unit.PAGE, 0, random.nextInt(pages), null);
      case 4 -> new Command.Play(new Pace.Events(by * 1000.0));
      case 5 -> new Command.Find(List.of("kind = wake"), by > 0 ? 1 : -1);
      case 6 -> new Command.Follow(random.nextBoolean());
      default -> new Command.Step(by, Command.Unit.EVENT, null, null, null);
    };
  }

  private static void converge(Browser browser, WebViewer viewer, DrivenExploration exploration) {
    for (int i = 0; i < 1000; i++) {
      int before = browser.received;
      viewer.ack(browser.received);
      exploration.turn();
      if (browser.received == before && browser.pending.isEmpty()) {
        return;
      }
    }
    throw new AssertionError("the picture does not come to rest");
  }

  @Test
  void aBrowserThatNeverAcknowledgesCostsABitAPageAndConvergesWhenItReturns() throws Exception {
    int pages = 1 << 20;
    Session session = RecordedSessions.faults(dir.resolve("slow.fscope"), 1, 20_000, pages);
    Browser browser = new Browser();
    WebViewer viewer = new WebViewer(session, browser, clock::get, -1);
    try (DrivenExploration exploration =
        new DrivenExploration(session, viewer, clock::get, -1, 0)) {
      Random random = new Random(1);
      for (int i = 0; i < 1000; i++) {
        clock.addAndGet(20_000_000);
        exploration.execute(new Command.Seek(random.nextInt(120_000)));
        exploration.turn();
      }

      assertThat(browser.received).isEqualTo(WebViewer.CREDIT);
      assertThat(viewer.heldBytes()).isLessThan(pages / 8 + 64 * 1024);
      assertThat(browser.messages).hasSizeLessThan(20);

      converge(browser, viewer, exploration);
      clock.addAndGet(1_000_000_000);
      exploration.turn();
      assertThat(browser.moment).isEqualTo(exploration.seq());
      browser.check(session);
      assertThat(browser.ofType("stats").getLast().get("conflated").longValue()).isGreaterThan(900);
    }
    session.timeline().close();
  }

  @Test
  void aHiddenTabIsSentNothingUntilItIsShown() throws Exception {
    Session session = RecordedSessions.faults(dir.resolve("hidden.fscope"), 1, 100, 1000);
    Browser browser = new Browser();
    WebViewer viewer = new WebViewer(session, browser, clock::get, -1);
    try (DrivenExploration exploration =
        new DrivenExploration(session, viewer, clock::get, -1, 0)) {
      exploration.turn();
      viewer.ack(browser.received);
      viewer.stream(false);
      int before = browser.messages.size();
      for (int i = 0; i < 100; i++) {
        clock.addAndGet(1_000_000_000);
        exploration.execute(new Command.Seek(i));
        exploration.turn();
      }
      assertThat(browser.messages).hasSize(before);

      viewer.stream(true);
      exploration.turn();
      assertThat(browser.moment).isEqualTo(99);
      browser.check(session);
    }
    session.timeline().close();
  }

  @Test
  void aBrowserThatPaintedAMomentOfThisSessionGetsTheDifference() throws Exception {
    Session session = RecordedSessions.faults(dir.resolve("resume.fscope"), 1, 100, 1000);
    Browser browser = new Browser();
    WebViewer first = new WebViewer(session, browser, clock::get, -1);
    try (DrivenExploration exploration =
        new DrivenExploration(session, first, clock::get, -1, 300)) {
      exploration.turn();
    }
    long painted = browser.moment;
    browser.messages.clear();
    WebViewer second = new WebViewer(session, browser, clock::get, painted);
    try (DrivenExploration exploration =
        new DrivenExploration(session, second, clock::get, painted, 302)) {
      exploration.turn();

      assertThat(browser.ofType("hello").getFirst().get("resumed").booleanValue()).isTrue();
      assertThat(browser.moment).isEqualTo(302);
      browser.check(session);
    }
    session.timeline().close();
  }

  @Test
  void anAckOfMoreFramesThanWereSentIsRefused() throws Exception {
    Session session = RecordedSessions.faults(dir.resolve("ack.fscope"), 1, 10, 100);
    WebViewer viewer = new WebViewer(session, new Browser(), clock::get, -1);

    assertThat(viewer.ack(1)).isFalse();
    assertThat(viewer.ack(0)).isTrue();
    session.timeline().close();
  }
}
