package dev.faultscope.session.live;

import dev.faultscope.linux.Linux;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.HandlerPolicy;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.Placement;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.session.BadQueryException;
import dev.faultscope.session.Recent;
import dev.faultscope.session.library.GrowingRecording;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibraryRecordings;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.timeline.query.Query;
import dev.faultscope.timeline.query.QueryException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Starts guests of ours and waits for peers that attach; each is a run. For many threads. */
public final class LiveRuns implements AutoCloseable {
  private static final long CLOSE_MS = 2_500;
  private static final Duration GUEST_COMES = Duration.ofSeconds(30);

  /**
   * Of the time, for who touched which page: all of a guest that is looked at step by step, and a
   * part of one that runs as fast as it can.
   */
  private static final double ORIGIN_SHARE = 0.1;

  private final Library library;
  private final LiveLimits limits;
  private final AtomicInteger attachmentCount = new AtomicInteger();
  private final Runs runs;
  private final Recent<LiveRun> guests;
  private final Recent<Attachment> attachments;
  private final List<Serving> servings = new ArrayList<>();

  /** Clears up after servers that were killed. */
  public LiveRuns(Library library, Runs runs, LiveLimits limits) {
    this.library = library;
    this.runs = runs;
    this.limits = limits;
    guests = new Recent<>(limits.remembered(), LiveRun::isOver);
    attachments = new Recent<>(limits.remembered(), Attachment::isOver);
    SocketFolder.sweep();
  }

  /**
   * Starts a guest in a process of its own.
   *
   * @throws BadQueryException if its predicate is none
   * @throws IllegalStateException if this machine cannot
   */
  public LiveRun start(GuestOrder order) throws IOException, TooManyLiveException {
    checkPossible(order.hold());
    HandlerPolicy policy = policy(order.policy());
    OwnGuest[] guest = new OwnGuest[1];
    GrowingRecording recording = library.record(order.title(), Scenario.LIVE);
    LiveRun run =
        run(
            recording,
            order.policy(),
            order.watchdog(),
            () -> {
              if (guest[0] != null) {
                guest[0].close();
              }
            });
    Path folder = SocketFolder.create();
    Serving serving;
    try {
      serving = serving(order, policy, folder, run, () -> ended(run, guest[0]));
      guest[0] = OwnGuest.start(order, SocketFolder.socket(folder), folder);
      guest[0].whenEnded(
          () -> {
            if (run.status().phase() == RunPhase.STARTING) {
              serving.stop();
            }
          });
      admit(serving);
    } catch (IOException | RuntimeException | TooManyLiveException failure) {
      run.stop();
      run.failed("it could not be started: " + failure.getMessage());
      SocketFolder.delete(folder);
      throw failure;
    }
    runs.enter(recording, run);
    guests.add(run.id(), run);
    serving.start();
    return run;
  }

  private static LiveRun run(
      GrowingRecording recording, String policy, Duration watchdog, Runnable end) {
    return new LiveRun(recording, policy, watchdog, new OthersProcess(end), false);
  }

  private static Serving serving(
      GuestOrder order, HandlerPolicy policy, Path folder, LiveRun run, Runnable ended)
      throws IOException {
    return new Serving(
        SocketFolder.socket(folder),
        folder,
        null,
        policy,
        options(order.watchdog()).withPlacement(Placement.MEASURED, true),
        order.hold(),
        1,
        GUEST_COMES,
        GUEST_COMES,
        (peer, number) -> run,
        ended);
  }

  private HandlerPolicy policy(String text) {
    return HandlerPolicy.parse(text, new LibraryRecordings(library));
  }

  private static void ended(LiveRun run, @Nullable OwnGuest guest) {
    String words = guest == null ? "" : guest.lastWords();
    if (run.isOver()) {
      if (!words.isEmpty()) {
        run.say(words);
      }
    } else {
      run.failed(words.isEmpty() ? "the guest ended before it came" : words);
    }
  }

  /**
   * Waits for peers at a socket.
   *
   * @throws BadQueryException if its predicate is none
   * @throws IllegalStateException if this machine cannot
   */
  public Attachment attach(AttachOrder order) throws IOException, TooManyLiveException {
    checkPossible(order.hold());
    HandlerPolicy policy = policy(order.policy());
    Attachment attachment = new Attachment("a" + attachmentCount.incrementAndGet(), order);
    GuestMemoryFile memory =
        order.memory().isEmpty() ? null : GuestMemoryFile.open(Path.of(order.memory()));
    @Nullable Path folder = null;
    Serving serving;
    try {
      folder = order.socket().isEmpty() ? SocketFolder.create() : null;
      Path socket = folder == null ? Path.of(order.socket()) : SocketFolder.socket(folder);
      serving =
          new Serving(
              socket,
              folder,
              memory,
              policy,
              options(order.watchdog()).withPlacement(Placement.MEASURED, false),
              order.hold(),
              order.peers(),
              order.acceptTimeout(),
              order.greetTimeout(),
              (peer, number) -> attached(attachment, order, peer.name()),
              () -> {});
      admit(serving);
    } catch (IOException | RuntimeException | TooManyLiveException failure) {
      if (memory != null) {
        memory.close();
      }
      if (folder != null) {
        SocketFolder.delete(folder);
      }
      throw failure;
    }
    attachment.servedBy(serving);
    attachments.add(attachment.id(), attachment);
    serving.start();
    return attachment;
  }

  private LiveRun attached(Attachment attachment, AttachOrder order, String name)
      throws IOException {
    GrowingRecording recording = library.record("Attached: " + name, Scenario.LIVE);
    LiveRun run = run(recording, order.policy(), order.watchdog(), attachment::stop);
    // Whoever reads its name at the attachment finds it under that name.
    runs.enter(recording, run);
    attachment.add(run);
    return run;
  }

  private static LiveOptions options(Duration watchdog) {
    return LiveOptions.DEFAULT.withWatchdog(watchdog).withOrigins(ORIGIN_SHARE);
  }

  private static void checkPossible(@Nullable String hold) {
    Optional<String> unavailable = Linux.whyUnavailable();
    if (unavailable.isPresent()) {
      throw new IllegalStateException("Nothing can run live here: " + unavailable.get());
    }
    if (hold != null && !hold.isEmpty()) {
      try {
        Query _ = Query.parse(hold);
      } catch (QueryException e) {
        throw new BadQueryException(e);
      }
    }
  }

  private synchronized void admit(Serving serving) throws TooManyLiveException {
    servings.removeIf(Serving::isOver);
    if (servings.size() >= limits.running()) {
      serving.close(System.nanoTime());
      throw new TooManyLiveException(limits.running());
    }
    servings.add(serving);
  }

  /** {@return an attachment} */
  public Optional<Attachment> attachment(String id) {
    return attachments.find(id);
  }

  /** {@return all that is known of, oldest first} */
  public List<Attachment> attachments() {
    return attachments.all();
  }

  /** Has everything end, our own guests too, and does not wait. */
  public void stop() {
    guests.all().stream().filter(run -> !run.isOver()).forEach(LiveRun::stop);
    servings().forEach(Serving::stop);
  }

  private synchronized List<Serving> servings() {
    return List.copyOf(servings);
  }

  /** Ends everything, our own guests too; waits no longer than {@value #CLOSE_MS} ms for all. */
  @Override
  public void close() {
    stop();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS);
    servings().forEach(serving -> serving.close(end));
  }
}
