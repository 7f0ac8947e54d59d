package dev.faultscope.session.run;

import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.query.Breakpoints;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a person asks of a run. Regions and pages are the recording's. */
public sealed interface RunCommand {
  /** Most units of one {@link Advance}. */
  int MAX_ADVANCE = 1000;

  /** Most pages of one range. */
  int MAX_PAGES = 1 << 22;

  /**
   * Goes on by itself.
   *
   * @param eventsPerSecond how fast, 0.1 to 10,000,000; infinite for as fast as can be
   */
  record Go(double eventsPerSecond) implements RunCommand {
    public Go {
      boolean paced = eventsPerSecond >= 0.1 && eventsPerSecond <= 10_000_000;
      if (!paced && eventsPerSecond != Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "eventsPerSecond is " + eventsPerSecond + ", must be in 0.1..10000000");
      }
    }
  }

  /** Stands still. */
  record Pause() implements RunCommand {}

  /** What {@link Advance} counts. */
  enum Unit {
    /** One thing that happens: it may be several events. */
    EVENT,
    /** Until a fault is queued. */
    FAULT,
    /** Until the kernel has decided something. */
    DECISION
  }

  /** Lets so many things happen, then stands still. */
  record Advance(Unit unit, int by) implements RunCommand {
    public Advance {
      if (by < 1 || by > MAX_ADVANCE) {
        throw new IllegalArgumentException("by is " + by + ", must be in 1.." + MAX_ADVANCE);
      }
    }
  }

  /** Every fault waits for a hand from now on, or handlers answer by themselves again. */
  record Manual(boolean on) implements RunCommand {}

  /**
   * Stops at events that satisfy at least one of some predicates (docs/predicates.md), which take
   * the place of those before: a simulation stands still behind such an event; on a real kernel the
   * fault is held that the event tells of, or every fault from then on where it tells of none.
   *
   * @param queries empty to stop nowhere
   */
  record Break(List<String> queries) implements RunCommand {
    public Break {
      queries = List.copyOf(queries);
      if (queries.size() > Breakpoints.MAX) {
        throw new IllegalArgumentException(
            "queries has "
                + queries.size()
                + " predicates, at most "
                + Breakpoints.MAX
                + " stop it");
      }
    }
  }

  /**
   * Lets the policy answer one fault.
   *
   * @param fault sequence number of its ENQUEUE; 0 for the one that waits longest
   */
  record Answer(long fault) implements RunCommand {}

  /** Pages of a region. */
  record Pages(int region, int first, int count) {
    public Pages {
      if (region < 0 || first < 0 || count < 1 || count > MAX_PAGES) {
        throw new IllegalArgumentException(
            "a range has a region, a first page and 1 to " + MAX_PAGES + " pages");
      }
    }
  }

  /**
   * Makes an ioctl as asked, right or wrong.
   *
   * @param uffd which userfaultfd
   * @param mode its mode bits
   * @param value COPY: the byte that every page is to hold, -1 for the page's own number modulo 255
   * @param source COPY, MOVE: where bytes or pages come from, null for none
   */
  record Ioctl(
      String uffd, UffdIoctl ioctl, Pages pages, long mode, int value, @Nullable Pages source)
      implements RunCommand {
    public Ioctl {
      if (value < -1 || value > 255) {
        throw new IllegalArgumentException("value is " + value + ", must be in -1..255");
      }
    }

    /**
     * {@return an ioctl by its name and the names of its mode bits}
     *
     * @throws IllegalArgumentException if there is no such ioctl, or it has no such bit
     */
    public static Ioctl named(
        String uffd,
        String name,
        List<String> mode,
        Pages pages,
        int value,
        @Nullable Pages source) {
      UffdIoctl ioctl = UffdIoctl.named(name);
      return new Ioctl(uffd, ioctl, pages, ioctl.mode(mode), value, source);
    }
  }

  /** Reads the oldest message of a userfaultfd. */
  record Read(String uffd) implements RunCommand {}

  /** What can be done to a run from outside. */
  enum Injection {
    SIGNAL,
    PUNCH_HOLE,
    DONTNEED,
    REMOVE,
    KILL_HANDLER,
    TOUCH,
    KVM_ACCESS
  }

  /**
   * Does something to it.
   *
   * @param actor whom, or who touches; -1 for a new thread, for the first handler, or for the first
   *     vCPU
   * @param pages null where it is about none
   * @param write TOUCH: whether it writes
   */
  record Inject(Injection what, int actor, @Nullable Pages pages, boolean write)
      implements RunCommand {}

  /** Compares what was recorded of its pages with the page table of the process they belong to. */
  record CheckPages() implements RunCommand {}

  /** Ends the run; its recording is whole then. */
  record Stop() implements RunCommand {}
}
