package dev.faultscope.session.scenario;

import dev.faultscope.scenario.PolicyParser;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioException;
import dev.faultscope.session.RunView;
import dev.faultscope.session.Session;
import dev.faultscope.session.library.GrowingRecording;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibraryRecordings;
import dev.faultscope.session.run.CommandAnswers;
import dev.faultscope.session.run.Run;
import dev.faultscope.session.run.RunAnswer;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import dev.faultscope.session.run.RunRefusedException;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.session.run.ScenarioEngine;
import dev.faultscope.simulation.SimulationOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is under way: a bounded number of runs, each with a recording in the library. Safe for many
 * threads.
 */
public final class Runs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  /** Runs beside the library's own that are known though they are over. */
  private static final int REMEMBERED = 64;

  private final Library library;
  private final Scenarios scenarios;
  private final List<ScenarioEngine> engines;
  private final int limit;
  private final long idleNs;
  private final LongSupplier nanoTime;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** A run with its recording and its kin. */
  private static final class Entry {
    final Session session;
    final Run run;
    final @Nullable String scenario;
    final boolean hasText;
    final RunView.@Nullable ForkPoint forkOf;
    final List<RunView.ForkPoint> forks = new ArrayList<>();
    RunStatus known;
    long usedNs;

    Entry(
        Session session,
        Run run,
        @Nullable String scenario,
        boolean hasText,
        RunView.@Nullable ForkPoint forkOf) {
      this.session = session;
      this.run = run;
      known = run.status();
      this.scenario = scenario;
      this.hasText = hasText;
      this.forkOf = forkOf;
    }
  }

  /** Makes a run that is recorded on a sink. */
  @FunctionalInterface
  private interface Starter {
    Run on(GrowingRecording sink) throws IOException;
  }

  /**
   * @param engines what scenarios can run on
   * @param limit runs of scenarios under way at once
   * @param idle how long one may stand still with nobody watching before it is ended
   */
  public Runs(
      Library library,
      Scenarios scenarios,
      List<ScenarioEngine> engines,
      int limit,
      Duration idle,
      LongSupplier nanoTime) {
    this.library = library;
    this.scenarios = scenarios;
    this.engines = List.copyOf(engines);
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
    ScenarioEngine engine = engine(request.engine());
    Optional<String> whyNot = engine.whyNot(scenario);
    if (whyNot.isPresent()) {
      throw new IllegalArgumentException("not on " + engine.name() + ": " + whyNot.get());
    }
    SimulationOptions options = options(request);
    return start(
        scenario.title(),
        engine.name(),
        text,
        request.scenario(),
        null,
        sink -> engine.start(scenario, options, sink, request.paused()));
  }

  /**
   * {@return why a scenario cannot be run and taken in hand, by the engine; empty where it can}
   *
   * @throws BadScenarioException if it is none
   */
  public Map<String, String> whyNot(String text) {
    Scenario scenario = scenarios.read(text, Map.of());
    Map<String, String> all = new LinkedHashMap<>();
    engines.forEach(each -> all.put(each.name(), each.whyNot(scenario).orElse("")));
    return all;
  }

  private ScenarioEngine engine(String name) {
    return engines.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "engine is '%s'; there are %s"
                        .formatted(
                            name,
                            engines.stream()
                                .map(ScenarioEngine::name)
                                .collect(Collectors.joining(", ")))));
  }

  private String textOf(RunRequest request) {
    String text = request.text();
    String name = request.scenario();
    if (text != null && name != null) {
      throw new IllegalArgumentException(
          "the scenario's name and a text are two scenarios: send one of them");
    }
    if (text != null) {
      return text;
    }
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
      String engine,
      String text,
      @Nullable String scenario,
      RunView.@Nullable ForkPoint forkOf,
      Starter starter)
      throws IOException {
    makeRoom();
    GrowingRecording sink = library.record(title, engine);
    Run run;
    try {
      library.keepScenario(sink.id(), text);
      run = starter.on(sink);
    } catch (RuntimeException | IOException e) {
      sink.close();
      library.forget(sink.id());
      throw e;
    }
    enter(new Entry(sink.session(), run, scenario, true, forkOf));
    return sink.id();
  }

  /** Takes in a run that nobody wrote a scenario for: from now on it is known here. */
  public void enter(GrowingRecording recording, Run run) {
    enter(new Entry(recording.session(), run, null, false, null));
  }

  private void enter(Entry entry) {
    entry.session.run(entry.run, () -> view(entry));
    add(entry);
    entry.run.onChange(() -> changed(entry.session, entry.run));
    // What happened before anybody listened.
    changed(entry.session, entry.run);
  }

  private synchronized void add(Entry entry) {
    entry.usedNs = nanoTime.getAsLong();
    forgetOldest();
    entries.put(entry.session.id(), entry);
    RunView.ForkPoint parent = entry.forkOf;
    Entry known = parent == null ? null : entries.get(parent.id());
    if (known != null && parent != null) {
      known.forks.add(new RunView.ForkPoint(entry.session.id(), parent.seq()));
    }
  }

  /** Of runs that end by themselves the oldest that is over is forgotten, beyond so many. */
  private void forgetOldest() {
    long others = entries.size() - disposable();
    Iterator<Entry> oldest = entries.values().iterator();
    while (others >= REMEMBERED && oldest.hasNext()) {
      Entry entry = oldest.next();
      if (!entry.run.isDisposable() && entry.run.status().phase().isOver()) {
        oldest.remove();
        others--;
      }
    }
  }

  private static void changed(Session session, Run run) {
    if (run.status().phase().isOver()) {
      session.runEnded();
    }
    session.announce();
  }

  /** {@return every run under way, and of others some that are over, the newest first} */
  public synchronized List<RunView> list() {
    return entries.values().stream().map(this::row).toList().reversed();
  }

  /** One run that cannot say how it stands does not hide the others: its row says that. */
  private RunView row(Entry entry) {
    try {
      entry.known = entry.run.status();
    } catch (RuntimeException | InternalError e) {
      LOG.warn("Run {} cannot say how it stands", entry.session.id(), e);
      entry.known = entry.known.failed("It cannot say how it stands: " + e.getMessage());
    }
    return view(entry, entry.known);
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
    return view(entry, entry.run.status());
  }

  private static RunView view(Entry entry, RunStatus status) {
    return new RunView(
        entry.session.id(),
        entry.session.title(),
        entry.session.source(),
        entry.scenario,
        entry.hasText,
        entry.forkOf,
        entry.forks,
        status);
  }

  /**
   * Carries out a command and waits for its answer.
   *
   * @throws NoSuchRunException if it is not under way
   * @throws RunRefusedException if it cannot be
   */
  public RunAnswer command(String id, RunCommand command) {
    return CommandAnswers.await(entry(id).run.submit(command));
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
        entry.session.source(),
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
      if (disposable() >= limit) {
        throw new RunRefusedException(
            RunRefusedException.Reason.BUSY,
            limit + " runs are under way and watched; stop one of them first");
      }
    }
  }

  private long disposable() {
    return entries.values().stream().filter(entry -> entry.run.isDisposable()).count();
  }

  /** Runs that may be ended: over, or idle for long; one more where there is no room. */
  private synchronized List<String> idle() {
    long now = nanoTime.getAsLong();
    List<String> all = new ArrayList<>();
    String longest = null;
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      if (!entry.run.isDisposable()) {
        continue;
      }
      RunPhase phase = entry.run.status().phase();
      boolean unused = entry.session.users() == 0 && phase != RunPhase.RUNNING;
      if (phase.isOver() || (unused && now - entry.usedNs > idleNs)) {
        all.add(each.getKey());
      } else if (unused && longest == null) {
        longest = each.getKey();
      }
    }
    if (longest != null && disposable() - all.size() >= limit) {
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
