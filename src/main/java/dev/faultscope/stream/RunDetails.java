package dev.faultscope.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.session.RunView;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.session.run.Capabilities;
import dev.faultscope.session.run.RunStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run in JSON: docs/wire-protocol.md, "How a run stands". */
public record RunDetails(
    String id,
    String title,
    @Nullable String scenario,
    boolean hasText,
    @Nullable Fork forkOf,
    List<Fork> forks,
    long revision,
    String engine,
    String phase,
    boolean manual,
    String policy,
    @Nullable String hold,
    List<String> breakpoints,
    @Nullable Stop stop,
    @Nullable String message,
    List<Waiting> waiting,
    int waitingCount,
    List<String> uffds,
    Abilities can,
    @Nullable Report report,
    @Nullable Simulated simulated,
    @Nullable Live live) {

  /** The other end of a fork, and the moment. */
  public record Fork(String id, long seq) {
    static Fork of(RunView.ForkPoint fork) {
      return new Fork(fork.id(), fork.seq());
    }
  }

  /** Where a breakpoint stopped it, and which. */
  public record Stop(long seq, List<String> queries) {
    static @Nullable Stop of(Breakpoints.@Nullable Stop stop) {
      return stop == null ? null : new Stop(stop.seq(), stop.queries());
    }
  }

  /** A fault that waits. */
  public record Waiting(
      long seq,
      String uffd,
      int region,
      int page,
      int flags,
      int actor,
      boolean read,
      boolean held,
      long sinceNs,
      String origin) {
    static Waiting of(RunStatus.Waiting fault) {
      return new Waiting(
          fault.seq(),
          fault.uffd(),
          fault.region(),
          fault.page(),
          fault.flags(),
          fault.actor(),
          fault.read(),
          fault.held(),
          fault.sinceNs(),
          fault.origin());
    }
  }

  /** By what it goes on, and why it cannot do the rest; null where it can. */
  public record Abilities(
      List<String> advance,
      @Nullable String pace,
      @Nullable String fork,
      @Nullable String read,
      @Nullable String checkPages,
      @Nullable String source,
      List<Ability> inject,
      List<Ability> ioctl) {
    static Abilities of(Capabilities can) {
      return new Abilities(
          can.advance().stream().map(RunDetails::word).toList(),
          nullIfEmpty(can.pace()),
          nullIfEmpty(can.fork()),
          nullIfEmpty(can.read()),
          nullIfEmpty(can.checkPages()),
          nullIfEmpty(can.source()),
          can.injections().entrySet().stream()
              .map(each -> new Ability(word(each.getKey()), nullIfEmpty(each.getValue())))
              .toList(),
          can.ioctls().entrySet().stream().map(Abilities::ioctl).toList());
    }

    private static Ability ioctl(Map.Entry<UffdIoctl, String> entry) {
      return new Ability(entry.getKey().name(), nullIfEmpty(entry.getValue()));
    }
  }

  /** Something by its name, and why it cannot be; null where it can. */
  public record Ability(String name, @Nullable String whyNot) {}

  /** What it came to so far. */
  public record Report(
      String engine,
      long seed,
      long events,
      Faults faults,
      long messages,
      Map<String, Map<String, Long>> ioctls,
      Map<String, Long> stallNs,
      long elapsedNs,
      Expectations expectations) {
    static Report of(RunReport report) {
      RunReport.Faults faults = report.faults();
      return new Report(
          report.engine(),
          report.seed(),
          report.events(),
          new Faults(
              faults.missing(),
              faults.minor(),
              faults.wp(),
              faults.kvmUserfault(),
              faults.memoryFault(),
              faults.stage2()),
          report.messages(),
          report.ioctls(),
          report.stallNs(),
          report.elapsedNs(),
          new Expectations(
              report.expectations().passed(),
              report.expectations().failed().stream()
                  .map(each -> new Failed(each.line(), each.expected(), each.actual(), each.step()))
                  .toList(),
              report.expectations().suspended()));
    }
  }

  /** Faults by kind. */
  public record Faults(
      long missing, long minor, long wp, long kvmUserfault, long memoryFault, long stage2) {}

  /** Expectations of its script. */
  public record Expectations(int passed, List<Failed> failed, int suspended) {}

  /** One that did not hold. */
  public record Failed(int line, String expected, String actual, @Nullable String step) {}

  /** What only the simulated kernel has. */
  public record Simulated(long seed, long steps) {
    static @Nullable Simulated of(RunStatus.Engine engine) {
      return engine instanceof RunStatus.Simulated(long seed, long steps)
          ? new Simulated(seed, steps)
          : null;
    }
  }

  /** What only a real kernel has. */
  public record Live(
      long nowNs,
      long watchdogNs,
      @Nullable Peer peer,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Latencies latencies) {
    static @Nullable Live of(RunStatus.Engine engine) {
      return engine instanceof RunStatus.Live(long now, long watchdog, var peer, var latencies)
          ? new Live(now, watchdog, Peer.of(peer), Latencies.of(latencies))
          : null;
    }
  }

  /** Whose memory it is. */
  public record Peer(String name, int pid, int uid, int gid, long bytes, int regions) {
    static @Nullable Peer of(RunStatus.@Nullable Peer peer) {
      return peer == null
          ? null
          : new Peer(peer.name(), peer.pid(), peer.uid(), peer.gid(), peer.bytes(), peer.regions());
    }
  }

  /** A median and a 99th percentile. */
  public record Quantiles(long p50, long p99) {
    static Quantiles of(RunStatus.Quantiles quantiles) {
      return new Quantiles(quantiles.p50(), quantiles.p99());
    }
  }

  /** What was measured of a real kernel's run. */
  public record Latencies(
      Quantiles accessToRead,
      Quantiles readToIoctl,
      Quantiles ioctl,
      Map<String, Long> origins,
      String placement) {
    static @Nullable Latencies of(RunStatus.@Nullable Latencies measured) {
      return measured == null
          ? null
          : new Latencies(
              Quantiles.of(measured.accessToRead()),
              Quantiles.of(measured.readToIoctl()),
              Quantiles.of(measured.ioctl()),
              measured.origins(),
              measured.placement());
    }
  }

  /** {@return a run as it goes over the wire} */
  public static RunDetails of(RunView run) {
    RunStatus status = run.status();
    RunReport report = status.report();
    RunView.ForkPoint parent = run.forkOf();
    return new RunDetails(
        run.id(),
        run.title(),
        run.scenario(),
        run.hasText(),
        parent == null ? null : Fork.of(parent),
        run.forks().stream().map(Fork::of).toList(),
        status.revision(),
        run.engine(),
        word(status.phase()),
        status.manual(),
        status.policy(),
        status.hold(),
        status.breakpoints(),
        Stop.of(status.stop()),
        status.message(),
        status.waiting().stream().map(Waiting::of).toList(),
        status.waitingCount(),
        status.uffds(),
        Abilities.of(status.can()),
        report == null ? null : Report.of(report),
        Simulated.of(status.engine()),
        Live.of(status.engine()));
  }

  private static @Nullable String nullIfEmpty(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Words of the interface are the constants' names, in lower case and with dashes. */
  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
