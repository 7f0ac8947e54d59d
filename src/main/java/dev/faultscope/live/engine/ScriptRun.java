package dev.faultscope.live.engine;

import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Engine;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Report;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.scenario.UffdSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Plays a script on the real kernel and counts what it did. */
public final class ScriptRun {
  private static final int WP = 2;
  private static final int MINOR = 4;

  private final Map<String, Map<String, Long>> ioctls = new TreeMap<>();
  private long missing;
  private long minor;
  private long protect;
  private long messages;

  private ScriptRun() {}

  /**
   * Plays a script to its end.
   *
   * @throws IllegalStateException if this machine or this engine cannot; the message says why
   */
  public static RunReport run(Scenario scenario, long seed) {
    return new ScriptRun().play(scenario, seed);
  }

  private RunReport play(Scenario scenario, long seed) {
    try (ScriptProcess machine = new ScriptProcess();
        LiveEngine engine = new LiveEngine(machine)) {
      scenario.uffds().stream()
          .filter(UffdSpec::handshake)
          .forEach(each -> count(UffdIoctl.API, "OK"));
      long started = System.nanoTime();
      Report report = ScenarioRunner.run(scenario, new Counting(engine));
      long elapsed = System.nanoTime() - started;
      Map<String, Long> stalls = new LinkedHashMap<>();
      scenario.vcpus().forEach(each -> stalls.put(each.name(), engine.stallNs(each.name())));
      scenario.threads().forEach(each -> stalls.put(each, engine.stallNs(each)));
      return new RunReport(
          Scenario.LIVE,
          seed,
          0,
          new RunReport.Faults(missing, minor, protect, 0, 0),
          messages,
          ioctls,
          stalls,
          elapsed,
          RunReport.Expectations.of(report));
    }
  }

  private void count(UffdIoctl ioctl, String errno) {
    ioctls
        .computeIfAbsent(ioctl.name(), name -> new TreeMap<>())
        .merge(errno.equals("OK") ? "ok" : errno, 1L, Long::sum);
  }

  private void count(Action action, Observation seen) {
    UffdIoctl ioctl = ioctlOf(action);
    if (ioctl != null) {
      count(ioctl, String.valueOf(seen.get(Fact.ERRNO)));
    }
    for (Map<Fact, Object> message : seen.messages()) {
      messages++;
      if (message.get(Fact.FLAGS) instanceof Long flags) {
        if ((flags & WP) != 0) {
          protect++;
        } else if ((flags & MINOR) != 0) {
          minor++;
        } else {
          missing++;
        }
      }
    }
  }

  private static @Nullable UffdIoctl ioctlOf(Action action) {
    return switch (action) {
      case Action.Api _ -> UffdIoctl.API;
      case Action.Register _ -> UffdIoctl.REGISTER;
      case Action.Unregister _ -> UffdIoctl.UNREGISTER;
      case Action.Wake _ -> UffdIoctl.WAKE;
      case Action.Fill fill -> fill.ioctl();
      case Action.Move _ -> UffdIoctl.MOVE;
      case Action.WriteProtect _ -> UffdIoctl.WRITEPROTECT;
      case Action.UnknownIoctl _ -> UffdIoctl.UNKNOWN;
      default -> null;
    };
  }

  /** The engine, with a look at all that it does. */
  private final class Counting implements Engine {
    private final Engine engine;

    Counting(Engine engine) {
      this.engine = engine;
    }

    @Override
    public String name() {
      return engine.name();
    }

    @Override
    public void prepare(Scenario scenario) {
      engine.prepare(scenario);
    }

    @Override
    public Observation perform(Action action) {
      Observation seen = engine.perform(action);
      count(action, seen);
      return seen;
    }

    @Override
    public long address(Place place) {
      return engine.address(place);
    }

    @Override
    public long tid(String thread) {
      return engine.tid(thread);
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
