package dev.faultscope.session.watch;

import dev.faultscope.linux.OpenUserfaultfd;
import dev.faultscope.live.attach.PeerMemory;
import dev.faultscope.live.watch.WatchSummary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a watch stands.
 *
 * @param id its own and its recording's
 * @param rateHz samples a second that were asked for
 * @param over whether it has ended
 * @param summary what was seen so far; its {@code end} says why it ended
 */
public record WatchStatus(String id, String title, int rateHz, boolean over, Seen summary) {

  /** What a watch has seen so far; {@link WatchSummary} says what each is. */
  public record Seen(
      int pid,
      String name,
      String end,
      double seconds,
      long samples,
      long late,
      List<Uffd> uffds,
      List<Area> areas,
      long presentPages,
      long appeared,
      long vanished,
      int sleeping,
      long waits,
      Map<String, Long> origins,
      long events,
      @Nullable Traced traced) {
    /**
     * {@return what a summary says}
     *
     * @param failure why it ended where the watch itself could not say so any more; empty otherwise
     */
    static Seen of(WatchSummary summary, String failure) {
      return new Seen(
          summary.pid(),
          summary.name(),
          failure.isEmpty() ? summary.end() : failure,
          summary.seconds(),
          summary.samples(),
          summary.late(),
          summary.uffds().stream().map(Uffd::of).toList(),
          summary.areas().stream().map(Area::of).toList(),
          summary.presentPages(),
          summary.appeared(),
          summary.vanished(),
          summary.sleeping(),
          summary.waits(),
          summary.origins(),
          summary.events(),
          Traced.of(summary.traced()));
    }
  }

  /** What trace events told; {@link WatchSummary.Traced} says what each is. */
  public record Traced(
      long lines, long lost, double cpuShare, Map<String, Long> faults, List<String> silent) {
    static @Nullable Traced of(WatchSummary.@Nullable Traced told) {
      return told == null
          ? null
          : new Traced(told.lines(), told.lost(), told.cpuShare(), told.faults(), told.silent());
    }
  }

  /** An open userfaultfd; {@link OpenUserfaultfd} says what each is. */
  public record Uffd(int fd, boolean nonBlocking, long pending, long total, long features) {
    static Uffd of(OpenUserfaultfd open) {
      return new Uffd(open.fd(), open.nonBlocking(), open.pending(), open.total(), open.features());
    }
  }

  /** A registered mapping; {@link PeerMemory.Area} says what each is. */
  public record Area(long start, long end, String backing, int modes, long pageSize, String path) {
    static Area of(PeerMemory.Area area) {
      return new Area(
          area.start(),
          area.end(),
          area.backing().name(),
          area.modes(),
          area.pageSize(),
          area.path());
    }
  }
}
