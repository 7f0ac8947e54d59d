package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Appends random events to a recorder and keeps, in the plainest way, what must come out. */
final class RandomRecording {
  static final int[] REGION_PAGES = {10_000, 1, 4096, 300};
  static final int ACTORS = 5;

  /**
   * What the pages of each region begin with: nothing, nothing known, a common and a rare state.
   */
  static final int[] INITIAL = {
    0, PageState.UNKNOWN, PageState.CACHED, PageState.MAPPED | PageState.LEAF_2M
  };

  private static final EventKind[] KINDS = EventKind.values();

  final List<Event> events = new ArrayList<>();
  private final Random random;
  private final Recorder recorder;
  private final int[][] states = new int[REGION_PAGES.length][];
  private final EventDraft draft = new EventDraft();
  private long time;
  private int regions;
  private int actors;

  RandomRecording(Recorder recorder, long seed) {
    this.recorder = recorder;
    random = new Random(seed);
    for (int i = 0; i < states.length; i++) {
      states[i] = new int[REGION_PAGES[i]];
      Arrays.fill(states[i], INITIAL[i]);
    }
    addRegion();
    addActor();
  }

  private void addRegion() {
    int index = regions++;
    recorder.region(
        new Region(
            index,
            "region-" + index,
            0x7f00_0000_0000L + index * 0x1_0000_0000L,
            index == 0 ? 0 : Region.NO_GPA,
            REGION_PAGES[index],
            Backing.MEMFD,
            Region.MINOR,
            false,
            INITIAL[index]));
  }

  private void addActor() {
    int index = actors++;
    recorder.actor(new Actor(index, ActorKind.VCPU, "actor-" + index, 100 + index, index));
  }

  void append(int drafts) {
    for (int i = 0; i < drafts; i++) {
      if (regions < REGION_PAGES.length && random.nextInt(20) == 0) {
        addRegion();
      }
      if (actors < ACTORS && random.nextInt(20) == 0) {
        addActor();
      }
      appendOne();
    }
  }

  private void appendOne() {
    EventKind kind = KINDS[random.nextInt(KINDS.length)];
    time += random.nextInt(1000) - 100;
    draft.of(kind, time);
    draft.detail(
        switch (kind) {
          case KERNEL ->
              KernelEventKind.values()[random.nextInt(KernelEventKind.values().length)].code();
          case EXIT -> ExitReason.values()[random.nextInt(ExitReason.values().length)].code();
          case TOUCH,
              DECIDE,
              ENQUEUE,
              READ,
              CALL,
              IOCTL,
              INSTALL,
              WAKE,
              RETRY,
              HOLE,
              REGION,
              NOTE ->
              random.nextInt(12);
        });
    draft
        .flags(random.nextInt(EventFlags.ALL + 1))
        .errno(random.nextInt(4) == 0 ? random.nextInt(256) : 0);
    if (random.nextInt(10) != 0) {
      draft.actor(random.nextInt(actors));
    }
    if (random.nextInt(3) == 0 && !events.isEmpty()) {
      draft.cause(1 + random.nextInt(events.size()));
    } else if (kind == EventKind.READ && !events.isEmpty()) {
      draft.cause(lastEnqueue());
    }
    int region = Event.NONE;
    int first = 0;
    int count = 0;
    if (random.nextInt(8) != 0) {
      region = random.nextInt(regions);
      int pages = REGION_PAGES[region];
      first = random.nextInt(pages);
      count =
          switch (random.nextInt(10)) {
            case 0 -> 1 + random.nextInt(pages - first);
            case 1 -> 0;
            case 2 -> 1 + random.nextInt(Math.min(64, pages - first));
            default -> 1;
          };
      if (random.nextInt(20) == 0) {
        first = 0;
        count = pages;
      }
      draft.pages(region, first, count);
    }
    int clear = random.nextInt(4) == 0 ? ~0 : 1 << random.nextInt(15);
    int set = random.nextInt(6) == 0 ? random.nextInt(0x8000) : 1 << random.nextInt(15);
    if (random.nextInt(3) == 0) {
      // Few of the wide states: a recording has room for some ten thousand.
      clear = ~0;
      set = 0x0080_8001 * random.nextInt(64) & PageState.ALL;
    }
    if (random.nextInt(5) == 0) {
      set = 0;
      clear = random.nextBoolean() ? 0 : clear;
    }
    draft.change(clear, set);
    long sequence = recorder.append(draft);
    if (sequence != events.size() + 1) {
      throw new AssertionError("event " + sequence + " after " + events.size());
    }
    expect(region, first, count, clear, set);
    if (recorder.lastSequence() != events.size()) {
      throw new AssertionError("last is " + recorder.lastSequence() + " not " + events.size());
    }
  }

  private long lastEnqueue() {
    for (int i = events.size(); i > 0; i--) {
      if (events.get(i - 1).kind() == EventKind.ENQUEUE) {
        return i;
      }
    }
    return 0;
  }

  private void expect(int region, int first, int count, int clear, int set) {
    if (region == Event.NONE || count == 0) {
      expectRecord(region, first, count, 0, 0, 0);
      return;
    }
    int more = 0;
    for (int page = first; page < first + count; ) {
      int before = states[region][page];
      int end = page;
      int after = (clear | set) == 0 ? before : (before & ~(clear | PageState.UNKNOWN)) | set;
      while (end < first + count && states[region][end] == before) {
        states[region][end++] = after;
      }
      expectRecord(region, page, end - page, before, after, more);
      more = EventFlags.CONTINUED;
      page = end;
    }
  }

  private void expectRecord(int region, int first, int count, int before, int after, int more) {
    long ns = Math.max(draft.timeNs, events.isEmpty() ? 0 : events.getLast().timeNs());
    events.add(
        new Event(
            events.size() + 1,
            ns,
            draft.kind,
            draft.detail,
            draft.flags | more,
            region,
            first,
            count,
            draft.actor,
            before,
            after,
            draft.errno,
            draft.cause));
  }

  /** {@return the states of all regions after event n, replayed from nothing} */
  int[][] statesAt(long moment) {
    int[][] replayed = new int[REGION_PAGES.length][];
    for (int i = 0; i < replayed.length; i++) {
      replayed[i] = new int[REGION_PAGES[i]];
      Arrays.fill(replayed[i], INITIAL[i]);
    }
    for (Event event : events.subList(0, (int) moment)) {
      if (event.hasPages()) {
        for (int i = 0; i < event.pageCount(); i++) {
          replayed[event.region()][event.firstPage() + i] = event.after();
        }
      }
    }
    return replayed;
  }
}
