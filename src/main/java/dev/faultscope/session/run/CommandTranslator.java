package dev.faultscope.session.run;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Region;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.Span;
import dev.faultscope.simulation.Intervention;
import dev.faultscope.simulation.kernel.QueuedFault;
import dev.faultscope.timeline.Timeline;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Translates a person's command, in the recording's numbers, into the simulation's names. */
final class CommandTranslator {
  private final Scenario scenario;
  private final Timeline timeline;

  CommandTranslator(Scenario scenario, Timeline timeline) {
    this.scenario = scenario;
    this.timeline = timeline;
  }

  /** {@return what can be injected into this scenario: why not, empty where it can} */
  Map<RunCommand.Injection, String> injections() {
    Map<RunCommand.Injection, String> all = new EnumMap<>(RunCommand.Injection.class);
    for (RunCommand.Injection each : RunCommand.Injection.values()) {
      all.put(
          each,
          switch (each) {
            case SIGNAL, PUNCH_HOLE, DONTNEED, REMOVE, TOUCH -> "";
            case KILL_HANDLER ->
                scenario.handlers().isEmpty() ? "The scenario has no handler." : "";
            case KVM_ACCESS -> scenario.vcpus().isEmpty() ? "The scenario has no vCPU." : "";
          });
    }
    return all;
  }

  /**
   * {@return what the simulation is to do}
   *
   * @throws IllegalArgumentException if the command names what there is not
   */
  Intervention make(RunCommand command, List<QueuedFault> waiting) {
    return switch (command) {
      case RunCommand.Ioctl c ->
          new Intervention.Ioctl(
              c.uffd(), c.ioctl(), span(c.pages()), c.mode(), c.value(), place(c.source()));
      case RunCommand.Read c -> new Intervention.ReadMessage(c.uffd());
      case RunCommand.Answer(long fault) ->
          new Intervention.StepPolicy(fault == 0 ? oldest(waiting) : fault);
      case RunCommand.Inject c -> injection(c);
      case RunCommand.Go _,
          RunCommand.Pause _,
          RunCommand.Advance _,
          RunCommand.Manual _,
          RunCommand.Break _,
          RunCommand.CheckPages _,
          RunCommand.Stop _ ->
          throw new IllegalArgumentException("this is nothing that a hand does");
    };
  }

  private static long oldest(List<QueuedFault> waiting) {
    return waiting.stream()
        .min(Comparator.comparingLong(QueuedFault::sequence))
        .orElseThrow(() -> new IllegalArgumentException("no fault waits"))
        .sequence();
  }

  private Intervention injection(RunCommand.Inject c) {
    return switch (c.what()) {
      case SIGNAL -> new Intervention.Signal(actor(c.actor()));
      case PUNCH_HOLE -> new Intervention.PunchHole(span(required(c.pages())));
      case DONTNEED -> new Intervention.DontNeed(span(required(c.pages())));
      case REMOVE -> new Intervention.Remove(span(required(c.pages())));
      case KILL_HANDLER -> new Intervention.KillHandler(handler(c.actor()));
      case TOUCH ->
          new Intervention.Touch(
              c.actor() < 0 ? null : actor(c.actor()),
              span(required(c.pages())).start(),
              c.write(),
              0xff);
      case KVM_ACCESS ->
          new Intervention.KvmAccess(vcpu(c.actor()), span(required(c.pages())).start());
    };
  }

  private String handler(int actor) {
    if (scenario.handlers().isEmpty()) {
      throw new IllegalArgumentException("the scenario has no handler that could die");
    }
    if (actor < 0) {
      return scenario.handlers().getFirst().name();
    }
    String name = actor(actor);
    return scenario.handlers().stream()
        .map(each -> each.name())
        .filter(each -> name.equals(each) || name.startsWith(each + "-"))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " is no handler"));
  }

  private String vcpu(int actor) {
    if (scenario.vcpus().isEmpty()) {
      throw new IllegalArgumentException("the scenario has no vCPU");
    }
    return actor < 0 ? scenario.vcpus().getFirst().name() : actor(actor);
  }

  private String actor(int index) {
    List<Actor> actors = timeline.actors();
    if (index < 0 || index >= actors.size()) {
      throw new IllegalArgumentException("there is no actor " + index);
    }
    return actors.get(index).name();
  }

  private static RunCommand.Pages required(RunCommand.@Nullable Pages pages) {
    if (pages == null) {
      throw new IllegalArgumentException("this needs a region and pages");
    }
    return pages;
  }

  private @Nullable Place place(RunCommand.@Nullable Pages pages) {
    return pages == null ? null : span(pages).start();
  }

  private Span span(RunCommand.Pages pages) {
    List<Region> regions = timeline.regions();
    if (pages.region() >= regions.size()) {
      throw new IllegalArgumentException("there is no region " + pages.region());
    }
    return new Span(
        new Place(regions.get(pages.region()).name(), pages.first() * PAGE_BYTES),
        pages.count() * PAGE_BYTES);
  }
}
