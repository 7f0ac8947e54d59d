package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Region;
import dev.faultscope.session.Command;
import dev.faultscope.session.DrivenExploration;
import dev.faultscope.session.Pace;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.Session;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    private void checkCells(int region, char[] states) {
      int bands = (states.length + 4095) / 4096;
      for (int cell = 0; cell < bands * 64; cell++) {
        Map<Integer, Integer> wanted = new TreeMap<>();
        int first = cell / 64 * 4096 + cell % 64 * 8;
        for (int row = 0; row < 8; row++) {
          int from = first + row * 512;
          for (int page = from; page < Math.min(from + 8, states.length); page++) {
            wanted.merge((int) states[page], 1, Integer::sum);
          }
        }
        Map<Integer, Integer> told = picture.cell(region, cell);
        if (told.isEmpty()) {
          assertThat(wanted.keySet()).as("cell %d was not told", cell).isSubsetOf(0);
        } else if (told.size() == 1) {
          assertThat(told.keySet()).as("cell %d", cell).isEqualTo(wanted.keySet());
        } else {
          assertThat(told).as("cell %d", cell).isEqualTo(wanted);
        }
      }
      for (Tile tile : picture.tiles) {
        if (tile.region() == region) {
          int first = tile.firstPage();
          int end = first + tile.pages(states.length);
          assertThat(Arrays.copyOfRange(picture.states(region, states.length), first, end))
              .as("pages of %s", tile)
              .isEqualTo(Arrays.copyOfRange(states, first, end));
        }
      }
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
          if (picture.isCells) {
            checkCells(region.index(), states);
            continue;
          }
          assertThat(picture.states(region.index(), states.length))
              .as("region %d at moment %d", region.index(), moment)
              .isEqualTo(states);
        }
      }
    }
  }

  /** One whose recordings of more than a thousand pages are told in cells. */
  @Test
  void ofALargeRecordingEveryCellAndEveryPageLookedAtIsThatOfItsMoment() {
    Seeds.forEach(
        12,
        seed -> {
          Random random = new Random(seed);
          int pages = 1000 + random.nextInt(random.nextBoolean() ? 9000 : 600_000);
          int faults = 1 + random.nextInt(2000);
          Session session =
              RecordedSessions.faults(dir.resolve(seed + "-large.fscope"), seed, faults, pages);
          Browser browser = new Browser();
          WebViewer viewer = new WebViewer(session, browser, clock::get, -1, 1000);
          try (DrivenExploration exploration =
              new DrivenExploration(session, viewer, clock::get, -1, random.nextInt(faults))) {
            List<Tile> looked = List.of();
            for (int i = 0; i < 100; i++) {
              clock.addAndGet(random.nextInt(100_000_000));
              exploration.execute(anything(random, faults * 6L, pages));
              if (random.nextInt(8) == 0) {
                looked = someTiles(random);
                viewer.tiles(looked);
              }
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
            assertThat(browser.picture.isCells).isTrue();
            assertThat(browser.picture.tiles).isEqualTo(existing(looked, pages));
            browser.check(session);
          }
          session.timeline().close();
        });
  }

  private static List<Tile> someTiles(Random random) {
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(_ -> new Tile(random.nextInt(3), random.nextInt(4)))
        .distinct()
        .toList();
  }

  private static Set<Tile> existing(List<Tile> tiles, int pages) {
    return tiles.stream()
        .filter(tile -> tile.region() < 2 && tile.pages(tile.region() == 0 ? pages : 100) > 0)
        .collect(Collectors.toSet());
  }

  @Test
  void aRecordingThatGrowsLargeIsTakenToCells() throws Exception {
    RecordingFile recording =
        RecordingFile.create(
            dir.resolve("grows.fscope"), new TimelineInfo("grows", "simulation", 0));
    RecordedSessions.declare(recording, 1000);
    RecordedSessions.fault(recording, 0, 7, 1000);
    Session session = RecordedSessions.of(recording);
    Browser browser = new Browser();
    WebViewer viewer = new WebViewer(session, browser, clock::get, -1, 2000);
    try (DrivenExploration exploration =
        new DrivenExploration(session, viewer, clock::get, -1, 4)) {
      converge(browser, viewer, exploration);
      assertThat(browser.picture.isCells).isFalse();
      recording.region(new Region(2, "more", 0x7fa0_0000_0000L, -1, 1000, Backing.ANON, 1, false));
      RecordedSessions.fault(recording, 1, 9, 9000);
      recording.complete();
      exploration.execute(new Command.Seek(12));
      converge(browser, viewer, exploration);
      assertThat(browser.picture.isCells).isTrue();
      assertThat(browser.moment).isEqualTo(12);
      browser.check(session);
    }
    session.timeline().close();
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
