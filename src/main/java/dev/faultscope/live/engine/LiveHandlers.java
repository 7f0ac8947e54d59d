package dev.faultscope.live.engine;

import static dev.faultscope.model.Region.HUGE_PAGE_BYTES;
import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.Memfd;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.handler.FaultPolicy;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.LiveHandler;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Region;
import dev.faultscope.policy.PolicySpec;
import dev.faultscope.scenario.HandlerSpec;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.SourceKind;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.SharedRecorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The handlers of a scenario at work, each on a thread of its own in this process. */
final class LiveHandlers implements AutoCloseable {
  private static final Duration SPIN = Duration.ofMillis(1);
  private static final int END_SECONDS = 30;

  private final Scenario scenario;
  private final LiveEngine engine;
  private final Map<Integer, String> threadNames;
  private final SharedRecorder recorder;
  private final List<LiveHandler> handlers = new ArrayList<>();
  private final List<CompletableFuture<LiveSummary>> ends = new ArrayList<>();
  private final List<AutoCloseable> owned = new ArrayList<>();

  /**
   * Prepares handlers.
   *
   * @param threadNames names of the scenario's threads by their thread ids
   */
  LiveHandlers(
      Scenario scenario, LiveEngine engine, Map<Integer, String> threadNames, Recorder recorder) {
    this.scenario = scenario;
    this.engine = engine;
    this.threadNames = Map.copyOf(threadNames);
    this.recorder = new SharedRecorder(recorder);
  }

  /**
   * {@return the policy on real memory that a scenario's policy is}
   *
   * @throws IllegalStateException if there is none
   */
  static FaultPolicy policyOf(PolicySpec spec) {
    return switch (spec.type().name()) {
      case "on-demand" -> new FaultPolicy.OnDemand();
      // Real memory is filled in aligned groups, so that one ioctl serves whoever faults in it.
      case "batch" ->
          new FaultPolicy.Batch(
              spec.settings().whole("before") + spec.settings().whole("after") + 1);
      case "prefault" -> FaultPolicy.named("prefault");
      case "fault-all" -> new FaultPolicy.FaultAll();
      default ->
          throw new IllegalStateException(
              "policy "
                  + spec.type().name()
                  + " has no handler on real memory; there are on-demand, batch, prefault and"
                  + " fault-all");
    };
  }

  /** Starts them all. */
  void start() throws IOException {
    for (HandlerSpec spec : scenario.handlers()) {
      start(spec);
    }
  }

  private void start(HandlerSpec spec) throws IOException {
    if (spec.readers() != 1) {
      throw new IllegalStateException(
          "handler " + spec.name() + " wants " + spec.readers() + " readers, a live one has one");
    }
    if (spec.source().kind() != SourceKind.PAGE_CACHE) {
      throw new IllegalStateException(
          "handler "
              + spec.name()
              + " has source "
              + spec.source().kind().key()
              + ", a live one fills from the page cache of this machine");
    }
    FaultPolicy policy = policyOf(spec.policy());
    List<MemorySpec> memory =
        scenario.memory().stream().filter(each -> spec.serves(each.name())).toList();
    if (memory.stream().mapToInt(MemorySpec::pages).sum()
        != spec.memory().stream().mapToInt(HandlerSpec.Part::pages).sum()) {
      throw new IllegalStateException(
          "handler " + spec.name() + " fills part of a mapping, a live one fills whole ones");
    }
    List<GuestRegion> regions = regions(memory);
    Peer peer =
        Peer.own(engine.pid(), Userfaultfd.adopt(engine.duplicateUffd(spec.uffd())), regions);
    owned.add(peer);
    GuestMemoryFile content = content(memory);
    Recorder part = recorder.part(region -> named(region, memory), actor -> named(actor, spec));
    LiveOptions options = LiveOptions.DEFAULT.withSpin(spec.spins() ? SPIN : Duration.ZERO);
    LiveHandler handler = new LiveHandler(peer, content, policy, options, part);
    owned.add(handler);
    handlers.add(handler);
    CompletableFuture<LiveSummary> end = new CompletableFuture<>();
    ends.add(end);
    Thread.ofPlatform()
        .name("faultscope-handler-" + spec.name())
        .daemon()
        .start(
            () -> {
              try {
                end.complete(handler.run());
              } catch (RuntimeException failure) {
                end.completeExceptionally(failure);
              }
            });
  }

  private List<GuestRegion> regions(List<MemorySpec> memory) {
    List<GuestRegion> regions = new ArrayList<>();
    long offset = 0;
    for (MemorySpec each : memory) {
      long bytes = (long) each.pages() * PAGE_BYTES;
      long pageBytes = each.backing() == Backing.HUGETLB ? HUGE_PAGE_BYTES : PAGE_BYTES;
      regions.add(
          new GuestRegion(
              engine.address(each.name()),
              bytes,
              offset,
              pageBytes,
              each.gpa(),
              each.backing() == Backing.GUEST_MEMFD));
      offset += bytes;
    }
    return regions;
  }

  /** What missing pages are filled with: every page holds its number within its memory % 255. */
  private GuestMemoryFile content(List<MemorySpec> memory) throws IOException {
    long bytes = memory.stream().mapToLong(each -> (long) each.pages() * PAGE_BYTES).sum();
    try (Memfd file = Memfd.create("faultscope-content", bytes)) {
      try (Mapping mapping = file.map()) {
        long at = 0;
        for (MemorySpec each : memory) {
          for (long page = 0; page < each.pages(); page++, at += PAGE_BYTES) {
            mapping.fill(at, PAGE_BYTES, (byte) (page % MemorySpec.PATTERN_MODULUS));
          }
        }
      }
      GuestMemoryFile opened =
          GuestMemoryFile.open(Path.of("/proc/self/fd", "" + file.fd().number()));
      owned.add(opened);
      return opened;
    }
  }

  private static Region named(Region region, List<MemorySpec> memory) {
    return new Region(
        region.index(),
        memory.get(region.index()).name(),
        region.base(),
        region.gpaBase(),
        region.pages(),
        region.backing(),
        region.modes(),
        region.inferred());
  }

  private Actor named(Actor actor, HandlerSpec spec) {
    String thread = threadNames.get(actor.tid());
    String name = actor.kind() == ActorKind.HANDLER ? spec.name() : actor.name();
    return thread == null
        ? new Actor(actor.index(), actor.kind(), name, actor.tid(), actor.vcpu())
        : new Actor(actor.index(), actor.kind(), thread, actor.tid(), actor.vcpu());
  }

  /**
   * {@return what each came to, once the memory they serve is gone}
   *
   * @throws IOException if one failed, or has not noticed in half a minute
   */
  List<LiveSummary> awaitEnd() throws IOException {
    List<LiveSummary> summaries = new ArrayList<>();
    for (CompletableFuture<LiveSummary> end : ends) {
      try {
        summaries.add(end.get(END_SECONDS, TimeUnit.SECONDS));
      } catch (ExecutionException | TimeoutException failure) {
        throw new IOException("a handler failed: " + failure, failure);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while a handler ended", interrupted);
      }
    }
    return summaries;
  }

  @Override
  public void close() {
    handlers.forEach(LiveHandler::stop);
    for (CompletableFuture<LiveSummary> end : ends) {
      try {
        end.get(END_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException failure) {
        // Whoever waited for its end was told; here only what it holds is given back.
        continue;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    for (AutoCloseable each : owned.reversed()) {
      try {
        each.close();
      } catch (Exception failure) {
        throw new IllegalStateException("a handler's memory could not be given back", failure);
      }
    }
  }
}
