package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.Command;
import dev.faultscope.session.DrivenExploration;
import dev.faultscope.session.Pace;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.Session;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Records faults all over a terabyte and lets several people look at it: in a JVM of its own, whose
 * heap is what is tested.
 */
final class OneTebibyte {
  private static final int[] PAGES = {3 << 26, 1 << 26};
  private static final int FAULTS = 200_000;
  private static final int EVENTS_PER_FAULT = 6;
  private static final int VIEWERS = 3;

  /** A page of a region. */
  private record Page(int region, int index) {
    int cell() {
      return index / 4096 * 64 + index % 512 / 8;
    }

    Tile tile() {
      return new Tile(region, index / Tile.PAGES);
    }
  }

  /** A browser that takes everything in at once. */
  private static final class Browser implements Outbound {
    final FrameReader.Picture picture = new FrameReader.Picture();
    final boolean keeps;
    int received;

    Browser(boolean keeps) {
      this.keeps = keeps;
    }

    @Override
    public void text(String message) {}

    @Override
    public void binary(byte[] frame) {
      received++;
      if (keeps) {
        picture.apply(frame);
      }
    }

    @Override
    public void close(String reason) {
      throw new AssertionError(reason);
    }
  }

  private OneTebibyte() {}

  /**
   * Fails where something is not right.
   *
   * @param arguments the file to write
   */
  public static void main(String... arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    List<Page> pages = record(file);
    Session session = RecordedSessions.of(RecordingFile.open(file));
    long last = session.lastSequence();
    List<Browser> browsers = new ArrayList<>();
    List<WebViewer> viewers = new ArrayList<>();
    List<DrivenExploration> explorations = new ArrayList<>();
    for (int i = 0; i < VIEWERS; i++) {
      Browser browser = new Browser(i == 0);
      WebViewer viewer = new WebViewer(session, browser, System::nanoTime, -1);
      browsers.add(browser);
      viewers.add(viewer);
      explorations.add(new DrivenExploration(session, viewer, System::nanoTime, -1, last));
    }
    Random random = new Random(2);
    for (long moment : new long[] {last, last / 2, 7, last - 3, last / 3}) {
      for (int i = 0; i < VIEWERS; i++) {
        explorations.get(i).execute(new Command.Seek(moment));
        Page looked = pages.get(random.nextInt(pages.size()));
        viewers.get(i).tiles(List.of(looked.tile()));
        takeIn(browsers.get(i), viewers.get(i), explorations.get(i));
      }
      check(session, browsers.getFirst().picture, moment, pages);
    }
    DrivenExploration played = explorations.getFirst();
    played.execute(new Command.Seek(0));
    played.execute(new Command.Play(new Pace.Events(10_000_000)));
    while (played.seq() < last) {
      takeIn(browsers.getFirst(), viewers.getFirst(), played);
    }
    check(session, browsers.getFirst().picture, last, pages);
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        "right; %d MiB of %d MiB are used%n",
        (runtime.totalMemory() - runtime.freeMemory()) >> 20, runtime.maxMemory() >> 20);
    explorations.forEach(DrivenExploration::close);
    session.timeline().close();
  }

  private static void takeIn(Browser browser, WebViewer viewer, DrivenExploration exploration) {
    int before;
    do {
      before = browser.received;
      viewer.ack(browser.received);
      exploration.turn();
    } while (browser.received > before);
  }

  /** Every page that was touched is in its cell, and no cell has what no page has. */
  private static void check(
      Session session, FrameReader.Picture picture, long moment, List<Page> pages) {
    Map<Page, Map<Integer, Integer>> wanted = new HashMap<>();
    Set<Page> done = new HashSet<>();
    char[] state = new char[1];
    try (Cursor cursor = session.timeline().cursor()) {
      cursor.seek(moment);
      long begun = (moment + EVENTS_PER_FAULT - 1) / EVENTS_PER_FAULT;
      for (Page page : pages.subList(0, (int) Math.min(begun, pages.size()))) {
        if (done.add(page)) {
          cursor.states(page.region, page.index, 1, state, 0);
          if (state[0] != 0) {
            wanted
                .computeIfAbsent(new Page(page.region, page.cell()), _ -> new HashMap<>())
                .merge((int) state[0], 1, Integer::sum);
          }
        }
      }
    }
    for (var cell : wanted.entrySet()) {
      int others = 64 - cell.getValue().values().stream().mapToInt(Integer::intValue).sum();
      cell.getValue().put(0, others);
      assertThat(picture.cell(cell.getKey().region, cell.getKey().index))
          .as("%s at moment %d", cell.getKey(), moment)
          .isEqualTo(cell.getValue());
    }
    for (int region = 0; region < PAGES.length; region++) {
      int at = region;
      assertThat(picture.mixedCells(region))
          .as("cells of region %d with something in them at moment %d", region, moment)
          .isEqualTo(wanted.keySet().stream().filter(cell -> cell.region == at).count());
    }
  }

  private static List<Page> record(Path file) throws IOException {
    List<Page> pages = new ArrayList<>();
    Random random = new Random(1);
    try (RecordingFile recording =
        RecordingFile.create(file, new TimelineInfo("a terabyte", "simulation", 0))) {
      long base = 0x10_0000_0000_0000L >> 4;
      for (int region = 0; region < PAGES.length; region++) {
        recording.region(
            new Region(
                region,
                "ram" + region,
                base,
                Region.NO_GPA,
                PAGES[region],
                Backing.MEMFD,
                Region.MINOR,
                false));
        base += (long) PAGES[region] << 12;
      }
      for (int actor = 0; actor < 3; actor++) {
        ActorKind kind = actor < 2 ? ActorKind.VCPU : ActorKind.HANDLER;
        recording.actor(
            new Actor(actor, kind, "actor" + actor, 100 + actor, actor < 2 ? actor : -1));
      }
      for (int i = 0; i < FAULTS - 1; i++) {
        int region = random.nextInt(PAGES.length);
        Page page = new Page(region, random.nextInt(PAGES[region]));
        pages.add(page);
        RecordedSessions.fault(recording, i & 1, region, page.index, 1000L * i);
      }
      Page poisoned = new Page(0, 123_456_789);
      pages.add(poisoned);
      recording.append(
          new EventDraft()
              .of(EventKind.IOCTL, 1000L * FAULTS)
              .detail(UffdIoctl.POISON.code())
              .pages(0, poisoned.index, 1)
              .actor(2)
              .change(0, PageState.POISONED));
      recording.complete();
    }
    return pages;
  }
}
