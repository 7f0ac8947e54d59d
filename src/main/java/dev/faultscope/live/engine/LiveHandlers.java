package dev.faultscope.live.engine;

import static dev.faultscope.model.Region.HUGE_PAGE_BYTES;
import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.Memfd;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.LiveHandler;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.policy.HandledPages;
import dev.faultscope.scenario.HandlerSpec;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.SourceKind;
import dev.faultscope.scenario.WorkloadOracle;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.SharedRecorder;
import dev.faultscope.workload.Recordings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The handlers of a scenario at work, each on a thread of its own in this process. */
final class LiveHandlers implements AutoCloseable {
  private static final Duration SPIN = Duration.ofMillis(1);

  /** A policy that makes mistakes shall not keep the threads of a script asleep for good. */
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private static final int END_SECONDS = 30;

  private final Scenario scenario;
  private final Recordings recordings;
  private final SplittableRandom seeds;
  private final long[] workloadSeeds;
  private final LiveEngine engine;
  private final Map<Integer, String> threadNames;
  private final SharedRecorder recorder;
  private final Duration watchdog;
  private final List<LiveHandler> handlers = new ArrayList<>();
  private final List<ScenarioHandler> hands = new ArrayList<>();
  private final List<CompletableFuture<LiveSummary>> ends = new ArrayList<>();
  private final List<AutoCloseable> owned = new ArrayList<>();

  /**
   * Prepares handlers.
   *
   * @param seed of the run: workloads have theirs from it, then each handler
   * @param recordings finds the recordings that policies name
   * @param threadNames names of threads by their thread ids; others may come later
   * @param watchdog how long a fault may be held
   */
  LiveHandlers(
      Scenario scenario,
      long seed,
      Recordings recordings,
      LiveEngine engine,
      Map<Integer, String> threadNames,
      Recorder recorder,
      Duration watchdog) {
    this.watchdog = watchdog;
    this.scenario = scenario;
    this.recordings = recordings;
    seeds = new SplittableRandom(seed);
    workloadSeeds = scenario.workloadSeeds(seeds);
    this.engine = engine;
    this.threadNames = threadNames;
    this.recorder = new SharedRecorder(recorder);
  }

  /**
   * Starts them all, and waits until they have done what their policies want done before anybody
   * accesses anything.
   *
   * @throws IllegalStateException if one cannot work on real memory; the message says why
   */
  void start() throws IOException {
    for (HandlerSpec spec : scenario.handlers()) {
      start(spec);
    }
    for (LiveHandler handler : handlers) {
      await(handler.prepared());
    }
  }

  /** {@return the hands on them, once they are started} */
  List<ScenarioHandler> hands() {
    return List.copyOf(hands);
  }

  /**
   * Checks that a handler can work on real memory.
   *
   * @throws IllegalStateException with the reason where it cannot
   */
  static void check(HandlerSpec spec) {
    if (spec.readers() != 1) {
      throw new IllegalStateException(
          "handler %s wants %d readers, a live one has one: set handlers.%s.readers to 1"
              .formatted(spec.name(), spec.readers(), spec.name()));
    }
    if (spec.source().kind() != SourceKind.PAGE_CACHE) {
      throw new IllegalStateException(
          "handler %s has source %s, a live one fills from the page cache of this machine: set"
                  .formatted(spec.name(), spec.source().kind().key())
              + " handlers.%s.source to page-cache".formatted(spec.name()));
    }
  }

  private void start(HandlerSpec spec) throws IOException {
    check(spec);
    List<HandlerSpec.Part> parts = spec.memory();
    List<GuestRegion> regions = regions(parts);
    Peer peer =
        Peer.own(engine.pid(), Userfaultfd.adopt(engine.duplicateUffd(spec.uffd())), regions);
    owned.add(peer);
    GuestMemoryFile content = content(parts);
    HandlerPolicy policy =
        new HandlerPolicy(
            spec.policy(),
            handled ->
                new WorkloadOracle(
                    scenario,
                    workloadSeeds,
                    recordings,
                    handled.pages(),
                    (memory, page) -> number(parts, handled, memory, page)),
            seeds.nextLong());
    Recorder part = recorder.part(region -> named(region, parts), actor -> named(actor, spec));
    LiveOptions options =
        LiveOptions.DEFAULT
            .withWatchdog(watchdog)
            .withPatience(PATIENCE)
            .withSpin(spec.spins() ? SPIN : Duration.ZERO);
    LiveHandler handler = new LiveHandler(peer, content, policy, options, part);
    owned.add(handler);
    handlers.add(handler);
    hands.add(new ScenarioHandler(spec.uffd(), handler, parts.stream().map(this::nameOf).toList()));
    handler.waitForBegin();
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

  private static int number(
      List<HandlerSpec.Part> parts, HandledPages handled, String memory, int page) {
    for (int i = 0; i < parts.size(); i++) {
      HandlerSpec.Part part = parts.get(i);
      if (part.memory().equals(memory)
          && page >= part.first()
          && page < part.first() + part.pages()) {
        return handled.page(String.valueOf(i), page - part.first());
      }
    }
    return -1;
  }

  private List<GuestRegion> regions(List<HandlerSpec.Part> parts) {
    List<GuestRegion> regions = new ArrayList<>();
    long offset = 0;
    for (HandlerSpec.Part part : parts) {
      MemorySpec memory = scenario.memory(part.memory());
      long before = (long) part.first() * PAGE_BYTES;
      long bytes = (long) part.pages() * PAGE_BYTES;
      long pageBytes = memory.backing() == Backing.HUGETLB ? HUGE_PAGE_BYTES : PAGE_BYTES;
      regions.add(
          new GuestRegion(
              engine.address(memory.name()) + before,
              bytes,
              offset,
              pageBytes,
              memory.gpa() < 0 ? memory.gpa() : memory.gpa() + before,
              memory.backing() == Backing.GUEST_MEMFD));
      offset += bytes;
    }
    return regions;
  }

  /** What missing pages are filled with: every page holds its number within its memory % 255. */
  private GuestMemoryFile content(List<HandlerSpec.Part> parts) throws IOException {
    long bytes = parts.stream().mapToLong(each -> (long) each.pages() * PAGE_BYTES).sum();
    try (Memfd file = Memfd.create("faultscope-content", bytes)) {
      try (Mapping mapping = file.map()) {
        long at = 0;
        for (HandlerSpec.Part part : parts) {
          for (int page = 0; page < part.pages(); page++, at += PAGE_BYTES) {
            mapping.fill(
                at, PAGE_BYTES, (byte) ((part.first() + page) % MemorySpec.PATTERN_MODULUS));
          }
        }
      }
      GuestMemoryFile opened =
          GuestMemoryFile.open(Path.of("/proc/self/fd", "" + file.fd().number()));
      owned.add(opened);
      return opened;
    }
  }

  /**
   * A part of a mapping is a region of its own, and says which part. Of memory that is made here it
   * is known how it begins: not mapped, and in the page cache where its file is filled.
   */
  private Region named(Region region, List<HandlerSpec.Part> parts) {
    HandlerSpec.Part part = parts.get(region.index());
    MemorySpec memory = scenario.memory(part.memory());
    boolean isCached =
        memory.backing() != Backing.ANON
            && memory.fill() != MemorySpec.ABSENT
            && memory.of() == null;
    return new Region(
        region.index(),
        nameOf(part),
        region.base(),
        region.gpaBase(),
        region.pages(),
        region.backing(),
        region.modes(),
        region.inferred(),
        memory.of() != null ? PageState.UNKNOWN : isCached ? PageState.CACHED : PageState.ABSENT);
  }

  private String nameOf(HandlerSpec.Part part) {
    boolean whole = part.pages() == scenario.memory(part.memory()).pages();
    return whole ? part.memory() : part.memory() + "-" + part.first();
  }

  private Actor named(Actor actor, HandlerSpec spec) {
    String thread = threadNames.get(actor.tid());
    String name = actor.kind() == ActorKind.HANDLER ? spec.name() : actor.name();
    return thread == null
        ? new Actor(actor.index(), actor.kind(), name, actor.tid(), actor.vcpu())
        : new Actor(actor.index(), actor.kind(), thread, actor.tid(), actor.vcpu());
  }

  /** The workloads begin: nobody gets a head start. */
  void begin() {
    handlers.forEach(LiveHandler::begin);
  }

  /**
   * {@return what each came to, once the memory they serve is gone}
   *
   * @throws IOException if one failed, or has not noticed in half a minute
   */
  List<LiveSummary> awaitEnd() throws IOException {
    List<LiveSummary> summaries = new ArrayList<>();
    for (CompletableFuture<LiveSummary> end : ends) {
      summaries.add(await(end));
    }
    return summaries;
  }

  private static <T extends @Nullable Object> T await(CompletableFuture<T> what)
      throws IOException {
    try {
      return what.get(END_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IOException("a handler failed: " + failure, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a handler", interrupted);
    }
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
