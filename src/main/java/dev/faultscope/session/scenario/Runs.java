package dev.faultscope.session.scenario;

import dev.faultscope.scenario.PolicyParser;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioException;
import dev.faultscope.session.RunView;
import dev.faultscope.session.Session;
import dev.faultscope.session.library.GrowingRecording;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibraryRecordings;
import dev.faultscope.session.run.Answers;
import dev.faultscope.session.run.RunAnswer;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.run.RunRefusedException;
import dev.faultscope.session.run.SimulationRun;
import dev.faultscope.simulation.SimulationOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is under way: a bounded number of runs, each with a recording in the library. Safe for many
 * threads.
 */
public final class Runs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  private final Library library;
  private final Scenarios scenarios;
  private final int limit;
  private final long idleNs;
  private final LongSupplier nanoTime;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** A run with its recording and its kin. */
  private static final class Entry {
    final Session session;
    final SimulationRun run;
    final @Nullable String scenario;
    final RunView.@Nullable ForkPoint forkOf;
    final List<RunView.ForkPoint> forks = new ArrayList<>();
    long usedNs;

    Entry(
        Session session,
        SimulationRun run,
        @Nullable String scenario,
        RunView.@Nullable ForkPoint forkOf) {
      this.session = session;
      this.run = run;
      this.scenario = scenario;
      this.forkOf = forkOf;
    }
  }

  /** Makes a run that is recorded on a sink. */
  @FunctionalInterface
  private interface Starter {
    SimulationRun on(GrowingRecording sink);
  }

  /**
   * @param limit runs under way at once
   * @param idle how long one may stand still with nobody watching before it is ended
   */
  public Runs(
      Library library, Scenarios scenarios, int limit, Duration idle, LongSupplier nanoTime) {
    this.library = library;
    this.scenarios = scenarios;
    this.limit = limit;
    this.idleNs = idle.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * Starts a scenario.
   *
   * @return the run's id, which is its recording's too
   * @throws BadScenarioException if the scenario is none
   * @throws IllegalArgumentException if something else asked for cannot be
   * @throws RunRefusedException if too much is under way
   * @throws IOException if the recording cannot be written
   */
  public String start(RunRequest request) throws IOException {
    String text = textOf(request);
    Scenario scenario = scenarios.read(text, request.set());
    if (!scenario.engines().contains(Scenario.SIMULATION)) {
      throw new IllegalArgumentException(
          "this scenario runs on "
              + String.join(", ", scenario.engines())
              + " only: start it with faultscope run --engine live");
    }
    SimulationOptions options = options(request);
    return start(
        scenario.title(),
        text,
        request.scenario(),
        null,
        sink -> SimulationRun.start(scenario, options, sink, !request.paused()));
  }

  private String textOf(RunRequest request) {
    String text = request.text();
    if (text != null) {
      return text;
    }
    String name = request.scenario();
    if (name == null) {
      throw new IllegalArgumentException("say which scenario: its name, or a text");
    }
    return scenarios
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException("no scenario is called " + name))
        .text();
  }

  private SimulationOptions options(RunRequest request) {
    Long seed = request.seed();
    String policy = request.policy();
    SimulationOptions options =
        SimulationOptions.NONE.withRecordings(new LibraryRecordings(library));
    if (seed != null) {
      options = options.withSeed(seed);
    }
    try {
      return policy == null ? options : options.withPolicy(PolicyParser.parse(policy));
    } catch (ScenarioException e) {
      throw new IllegalArgumentException("policy: " + e.problem());
    }
  }

  private String start(
      String title,
      String text,
      @Nullable String scenario,
      RunView.@Nullable ForkPoint forkOf,
      Starter starter)
      throws IOException {
    makeRoom();
    GrowingRecording sink = library.record(title, Scenario.SIMULATION);
    SimulationRun run;
    try {
      library.keepScenario(sink.id(), text);
      run = starter.on(sink);
    } catch (RuntimeException | IOException e) {
      sink.close();
      library.forget(sink.id());
      if (e instanceof IllegalStateException) {
        // The simulated kernel refuses what the scenario begins with.
        throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
    Session session = sink.session();
    Entry entry = new Entry(session, run, scenario, forkOf);
    session.run(run, () -> view(entry));
    add(entry);
    run.onChange(() -> changed(session, run));
    // What happened before anybody listened.
    changed(session, run);
    return session.id();
  }

  private synchronized void add(Entry entry) {
    entry.usedNs = nanoTime.getAsLong();
    entries.put(entry.session.id(), entry);
    RunView.ForkPoint parent = entry.forkOf;
    Entry known = parent == null ? null : entries.get(parent.id());
    if (known != null && parent != null) {
      known.forks.add(new RunView.ForkPoint(entry.session.id(), parent.seq()));
    }
  }

  private static void changed(Session session, SimulationRun run) {
    RunPhase phase = run.status().phase();
    if (phase == RunPhase.ENDED || phase == RunPhase.FAILED) {
      session.runEnded();
    }
    session.announce();
  }

  /** {@return every run under way, the newest first} */
  public synchronized List<RunView> list() {
    return entries.values().stream().map(this::view).toList().reversed();
  }

  /**
   * {@return how a run stands}
   *
   * @throws NoSuchRunException if it is not under way
   */
  public RunView view(String id) {
    return view(entry(id));
  }

  private synchronized RunView view(Entry entry) {
    return RunView.of(entry.session, entry.scenario, entry.forkOf, entry.forks, entry.run.status());
  }

  /**
   * Carries out a command and waits for its answer.
   *
   * @throws NoSuchRunException if it is not under way
   * @throws RunRefusedException if it cannot be
   */
  public RunAnswer command(String id, RunCommand command) {
    return Answers.await(entry(id).run.submit(command));
  }

  /**
   * Starts another run that takes the same way up to a moment and stands still there.
   *
   * @return its id
   */
  public String fork(String id, long seq) throws IOException {
    Entry entry = entry(id);
    return start(
        entry.session.title() + " (fork at " + seq + ")",
        scenario(id),
        entry.scenario,
        new RunView.ForkPoint(id, seq),
        sink -> entry.run.fork(seq, sink));
  }

  /**
   * {@return the text of the scenario that a run is made of, or was}
   *
   * @throws NoSuchRunException if there is none
   */
  public String scenario(String id) throws IOException {
    return library.scenario(id).orElseThrow(NoSuchRunException::new);
  }

  /** Ends a run, where one is under way; its recording stays. */
  private void end(String id) {
    Entry entry;
    synchronized (this) {
      entry = entries.remove(id);
    }
    if (entry != null) {
      entry.run.close();
    }
  }

  private synchronized Entry entry(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new NoSuchRunException();
    }
    entry.usedNs = nanoTime.getAsLong();
    return entry;
  }

  private void makeRoom() {
    for (String idle : idle()) {
      LOG.info("Run {} is ended: it stood still and nobody watched", idle);
      end(idle);
    }
    synchronized (this) {
      if (entries.size() >= limit) {
        throw new RunRefusedException(
            RunRefusedException.Reason.BUSY,
            limit + " runs are under way and watched; stop one of them first");
      }
    }
  }

  /** Runs that may be ended: over, or idle for long; one more where there is no room. */
  private synchronized List<String> idle() {
    long now = nanoTime.getAsLong();
    List<String> all = new ArrayList<>();
    String longest = null;
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      RunPhase phase = entry.run.status().phase();
      boolean over = phase == RunPhase.ENDED || phase == RunPhase.FAILED;
      boolean unused = entry.session.users() == 0 && phase != RunPhase.RUNNING;
      if (over || (unused && now - entry.usedNs > idleNs)) {
        all.add(each.getKey());
      } else if (unused && longest == null) {
        longest = each.getKey();
      }
    }
    if (longest != null && entries.size() - all.size() >= limit) {
      all.add(longest);
    }
    return all;
  }

  /** Has every run end, a long step broken off, and does not wait. */
  public void stop() {
    all().forEach(entry -> entry.run.stop());
  }

  private synchronized List<Entry> all() {
    return List.copyOf(entries.values());
  }

  @Override
  public void close() {
    stop();
    all().forEach(entry -> end(entry.session.id()));
  }
}
