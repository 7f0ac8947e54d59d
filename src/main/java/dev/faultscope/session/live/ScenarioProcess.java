package dev.faultscope.session.live;

import dev.faultscope.live.engine.WorkloadRun;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Region;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunCommand.Injection;
import dev.faultscope.timeline.Timeline;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The process of a scenario of ours, which does what it is told. */
final class ScenarioProcess implements LiveProcess {
  private final WorkloadRun run;
  private final Scenario scenario;
  private final Timeline timeline;
  private final CountDownLatch stopped = new CountDownLatch(1);

  ScenarioProcess(WorkloadRun run, Scenario scenario, Timeline timeline) {
    this.run = run;
    this.scenario = scenario;
    this.timeline = timeline;
  }

  @Override
  public void stop() {
    run.stop();
    stopped.countDown();
  }

  /** Waits until somebody wants it to end. */
  void awaitStop() throws InterruptedException {
    stopped.await();
  }

  @Override
  public Map<Injection, String> injections() {
    Map<Injection, String> all = new EnumMap<>(Injection.class);
    for (Injection each : Injection.values()) {
      all.put(
          each,
          switch (each) {
            case SIGNAL, PUNCH_HOLE, DONTNEED, REMOVE, TOUCH -> "";
            case KILL_HANDLER -> "Its handlers are threads of this server: end the run instead.";
            case KVM_ACCESS -> "The real KVM writes by itself when the guest asks for a clock.";
          });
    }
    return all;
  }

  @Override
  public String inject(RunCommand.Inject what) {
    try {
      return switch (what.what()) {
        case SIGNAL -> {
          String thread = thread(what.actor());
          run.signal(thread);
          yield thread + " gets a signal";
        }
        case PUNCH_HOLE -> {
          RunCommand.Pages pages = required(what.pages());
          String errno = run.punchHole(memory(pages), pages.first(), pages.count());
          if (!errno.equals("OK")) {
            throw new IllegalArgumentException("fallocate answers " + errno);
          }
          yield "the pages left the file and every page table";
        }
        case DONTNEED -> advise(what, Action.Advice.DONTNEED);
        case REMOVE -> advise(what, Action.Advice.REMOVE);
        case TOUCH -> {
          if (what.actor() >= 0) {
            throw new IllegalArgumentException(
                "a thread of the scenario does what its workload says: take a new one");
          }
          RunCommand.Pages pages = required(what.pages());
          String thread = run.touch(memory(pages), pages.first(), what.write());
          yield thread + (what.write() ? " writes" : " reads");
        }
        case KILL_HANDLER, KVM_ACCESS ->
            throw new IllegalArgumentException(injections().get(what.what()));
      };
    } catch (IOException gone) {
      throw new IllegalStateException(gone.getMessage(), gone);
    }
  }

  private String advise(RunCommand.Inject what, Action.Advice advice) throws IOException {
    RunCommand.Pages pages = required(what.pages());
    return run.advise(memory(pages), pages.first(), pages.count(), advice)
        ? "the caller sleeps until the handler has read the REMOVE event"
        : "the call has returned";
  }

  private String thread(int index) {
    List<Actor> actors = timeline.actors();
    if (index < 0 || index >= actors.size() || actors.get(index).kind() == ActorKind.HANDLER) {
      throw new IllegalArgumentException("actor " + index + " is no thread of the scenario");
    }
    return actors.get(index).name();
  }

  private String memory(RunCommand.Pages pages) {
    List<Region> regions = timeline.regions();
    if (pages.region() >= regions.size()) {
      throw new IllegalArgumentException("there is no region " + pages.region());
    }
    Region region = regions.get(pages.region());
    if ((long) pages.first() + pages.count() > region.pages()) {
      throw new IllegalArgumentException("pages outside the region");
    }
    return scenario.memory().stream()
        .filter(each -> each.name().equals(region.name()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(region.name() + " is only part of a mapping"))
        .name();
  }

  private static RunCommand.Pages required(RunCommand.@Nullable Pages pages) {
    if (pages == null) {
      throw new IllegalArgumentException("this needs a region and pages");
    }
    return pages;
  }
}
