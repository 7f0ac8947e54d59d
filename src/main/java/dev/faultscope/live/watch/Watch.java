package dev.faultscope.live.watch;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.EventFd;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.OpenUserfaultfd;
import dev.faultscope.linux.PageMap;
import dev.faultscope.linux.PidFd;
import dev.faultscope.linux.Poll;
import dev.faultscope.linux.SleepingThread;
import dev.faultscope.live.attach.PeerMemory;
import dev.faultscope.live.attach.PeerMemory.Area;
import dev.faultscope.live.attach.ThreadNames;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.RegionChange;
import dev.faultscope.timeline.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches a process without touching it: samples its userfaultfds' counters, its threads asleep in
 * handle_userfault and its page table, and writes what changed. No message is read and no page
 * touched; the kernel takes the process's mmap lock for reading while it walks the page table.
 *
 * <p>{@link #run} on one thread; {@link #stop} and {@link #summary} on any.
 */
public final class Watch implements ProcessWatch {
  private static final int MOST_THREADS = 4096;

  /** 256 GiB. */
  private static final long MOST_PAGES = 1L << 26;

  /** smaps walks every page table of the process: seldom, and less often where it takes long. */
  private static final long LAYOUT_NS = 1_000_000_000L;

  private static final int LAYOUT_SHARE = 20;
  private static final int PROCESS = 0;
  private static final int BELL = 1;

  private final int pid;
  private final String name;
  private final WatchOptions options;
  private final PidFd process;
  private final EventFd bell;
  private final PageMap map;
  private final WatchJournal journal;
  private final SleepingThreads sleepers;
  private final List<WatchedArea> areas = new ArrayList<>();
  private final long originNs = System.nanoTime();
  private List<OpenUserfaultfd> uffds = List.of();
  private int registeredModes;
  private int regions;
  private long pages;
  private long samples;
  private long late;
  private long layoutAtNs;
  private long goneAppeared;
  private long goneVanished;
  private boolean areasCut;
  private boolean threadsCut;
  private volatile boolean stopRequested;
  private volatile WatchSummary latest;

  private Watch(
      int pid, WatchOptions options, PidFd process, EventFd bell, PageMap map, Recorder recorder) {
    this.pid = pid;
    this.options = options;
    this.process = process;
    this.bell = bell;
    this.map = map;
    name = ThreadNames.ofProcess(pid);
    journal = new WatchJournal(recorder);
    sleepers = new SleepingThreads(pid, journal);
    latest = summarize("");
  }

  /**
   * Prepares to watch a process.
   *
   * @throws IOException if it is gone, may not be looked at, or has nothing to do with userfaultfd;
   *     the message says which and what to do
   */
  public static Watch of(int pid, WatchOptions options, Recorder recorder) throws IOException {
    PidFd process = new PidFd(pid);
    try {
      if (!touchesUserfaultfd(pid)) {
        throw new IOException(
            "process %d (%s) has no userfaultfd open and no memory registered with one; name the"
                    .formatted(pid, ThreadNames.ofProcess(pid))
                + " process whose memory it is, not its handler");
      }
      PageMap map = new PageMap(pid);
      EventFd bell = new EventFd();
      try {
        return new Watch(pid, options, process, bell, map, recorder);
      } catch (RuntimeException failure) {
        bell.close();
        map.close();
        throw failure;
      }
    } catch (IOException | RuntimeException failure) {
      process.close();
      throw failure;
    }
  }

  /**
   * {@return whether a process has a userfaultfd open or memory registered with one}
   *
   * @throws IOException if it is gone or may not be looked at; the message says what to do
   */
  public static boolean touchesUserfaultfd(int pid) throws IOException {
    try {
      return !OpenUserfaultfd.of(pid).isEmpty() || !PeerMemory.registered(pid).isEmpty();
    } catch (AccessDeniedException denied) {
      throw new IOException(
          "process %d (%s) may not be looked at; be its user, or have CAP_SYS_PTRACE"
              .formatted(pid, ThreadNames.ofProcess(pid)),
          denied);
    }
  }

  /**
   * Samples until the process ends, the time or the events are used up, or {@link #stop}.
   *
   * @return what was seen, and why it ended
   */
  @Override
  public WatchSummary run() {
    String end;
    try {
      end = loop(new Poll(process.fd(), bell.fd()));
    } catch (NoSuchFileException gone) {
      end = "the process ended";
    } catch (LinuxException failure) {
      end = failure.errno() == Errno.ESRCH ? "the process ended" : failure.getMessage();
    } catch (IOException | UncheckedIOException failure) {
      end = String.valueOf(failure.getMessage());
    }
    try {
      finish(end);
    } catch (UncheckedIOException failure) {
      end = "the recording cannot be written: " + failure.getMessage();
    }
    latest = summarize(end);
    return latest;
  }

  private String loop(Poll poll) throws IOException {
    long period = 1_000_000_000L / options.rateHz();
    journal.note(
        "watched from outside at %d Hz: what happened between two samples was concluded"
            .formatted(options.rateHz()),
        0);
    long due = originNs;
    while (true) {
      sample();
      if (journal.events() >= options.mostEvents()) {
        return "as many events as may be, " + options.mostEvents() + ", are recorded";
      }
      due += period;
      long now = System.nanoTime();
      if (now > due + period) {
        long missed = (now - due) / period;
        late += missed;
        due += missed * period;
      }
      if (!options.duration().isZero() && due - originNs > options.duration().toNanos()) {
        return "the time is up";
      }
      do {
        long left = Math.max(0, (due - System.nanoTime() + 999_999) / 1_000_000);
        boolean ready = poll.await(left);
        if (stopRequested || (ready && poll.isReadable(BELL))) {
          return "stopped";
        }
        if (ready && poll.isReadable(PROCESS)) {
          return "the process ended";
        }
      } while (System.nanoTime() < due);
    }
  }

  private void sample() throws IOException {
    boolean first = samples == 0;
    long started = System.nanoTime();
    if (started >= layoutAtNs || first) {
      readLayout(now());
      long took = System.nanoTime() - started;
      layoutAtNs = started + Math.max(LAYOUT_NS, took * LAYOUT_SHARE);
    }
    // Threads before pages: a thread seen asleep and then its page seen there tell the right order.
    SleepingThread.Found threads = SleepingThread.of(pid, MOST_THREADS);
    uffds = OpenUserfaultfd.of(pid);
    long time = now();
    if (threads.cut() && !threadsCut) {
      threadsCut = true;
      journal.note("only " + MOST_THREADS + " threads are looked at in each sample", time);
    }
    sleepers.sample(threads.sleeping(), kindOfFaults(), knownReads(), time);
    for (WatchedArea area : List.copyOf(areas)) {
      try {
        area.sample(map, journal, now(), first);
      } catch (LinuxException failure) {
        if (failure.errno() != Errno.EFAULT) {
          throw failure;
        }
        forget(area, now());
      }
    }
    samples++;
    latest = summarize("");
  }

  /** With several userfaultfds it cannot be told whose messages were read, unless all were. */
  private long knownReads() {
    long pending = uffds.stream().mapToLong(OpenUserfaultfd::pending).sum();
    long read = uffds.stream().mapToLong(OpenUserfaultfd::read).sum();
    return uffds.size() == 1 || pending == 0 ? read : -1;
  }

  /** No sample sees a message: its kind is known where every range is registered for one alone. */
  private int kindOfFaults() {
    return switch (registeredModes) {
      case Region.MISSING -> 0;
      case Region.MINOR -> EventFlags.MINOR;
      case Region.WP -> EventFlags.WP;
      default -> EventFlags.KIND_UNKNOWN;
    };
  }

  private void readLayout(long time) throws IOException {
    List<Area> now = PeerMemory.registered(pid);
    registeredModes = now.stream().mapToInt(Area::modes).reduce(0, (a, b) -> a | b);
    for (WatchedArea known : List.copyOf(areas)) {
      if (!now.contains(known.area())) {
        forget(known, time);
      }
    }
    for (Area area : now) {
      if (areas.stream().noneMatch(known -> known.area().equals(area))) {
        add(area, time);
      }
    }
  }

  private void add(Area area, long time) {
    if (regions == Region.MAX_REGIONS || pages + area.pages() > MOST_PAGES) {
      if (!areasCut) {
        areasCut = true;
        journal.note(
            "more is registered than is shown: at most %d ranges and %d pages"
                .formatted(Region.MAX_REGIONS, MOST_PAGES),
            time);
      }
      return;
    }
    WatchedArea watched = new WatchedArea(area, regions);
    journal
        .recorder()
        .region(
            new Region(
                regions,
                "guest-ram-" + regions,
                area.start(),
                Region.NO_GPA,
                watched.pages(),
                area.backing(),
                area.modes(),
                false,
                // A page table does not tell what the page cache has.
                area.backing() == Backing.ANON ? PageState.ABSENT : PageState.UNKNOWN));
    regions++;
    pages += area.pages();
    areas.add(watched);
    region(RegionChange.REGISTERED, watched, time);
  }

  private void forget(WatchedArea area, long time) {
    areas.remove(area);
    goneAppeared += area.appeared();
    goneVanished += area.vanished();
    region(RegionChange.UNREGISTERED, area, time);
  }

  private void region(RegionChange change, WatchedArea area, long time) {
    journal.append(
        journal.on(EventKind.REGION, time, area.region(), 0, area.pages()).detail(change.code()));
  }

  private void finish(String end) {
    long time = now();
    journal.note("the watch ended: " + end, time);
    if (end.equals("the process ended")) {
      journal.kernel(KernelEventKind.UFFD_CLOSE, time);
      sleepers.end(time);
    }
  }

  private long now() {
    return System.nanoTime() - originNs;
  }

  private WatchSummary summarize(String end) {
    return new WatchSummary(
        pid,
        name,
        end,
        now() / 1e9,
        samples,
        late,
        uffds,
        areas.stream().map(WatchedArea::area).toList(),
        areas.stream().mapToLong(WatchedArea::presentPages).sum(),
        goneAppeared + areas.stream().mapToLong(WatchedArea::appeared).sum(),
        goneVanished + areas.stream().mapToLong(WatchedArea::vanished).sum(),
        sleepers.count(),
        sleepers.waits(),
        sleepers.origins(),
        journal.events(),
        null);
  }

  /** {@return what was seen by the last sample} */
  @Override
  public WatchSummary summary() {
    return latest;
  }

  /** Ends the watch soon. */
  @Override
  public void stop() {
    stopRequested = true;
    bell.ring();
  }

  @Override
  public void close() {
    map.close();
    bell.close();
    process.close();
  }
}
