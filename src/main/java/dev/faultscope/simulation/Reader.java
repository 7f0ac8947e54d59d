package dev.faultscope.simulation;

import dev.faultscope.model.Errno;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.policy.Plan;
import dev.faultscope.policy.PlanExecutor;
import dev.faultscope.scenario.Cost;
import dev.faultscope.simulation.kernel.QueuedFault;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.Userfaultfd;
import dev.faultscope.simulation.time.Agent;

/**
 * A thread of a handler: reads messages, does what the policy plans for them, then what it plans
 * ahead; sleeps when there is nothing.
 */
final class Reader extends Agent {
  /** What it does at its next moment. */
  private enum Next {
    READ,
    ANSWER,
    PUSH,
    /** Look what there is to do. */
    LOOK
  }

  private final Scheduler scheduler;
  private final Handler crew;
  private final UffdQueue desk;
  private final Task task;
  private final Userfaultfd uffd;
  private final SimulatedPort port;
  private final PlanExecutor answering;
  private final PlanExecutor pushing;
  private final Plan answers = new Plan();
  private final Plan ahead = new Plan();
  private final long readNs;
  private final long wakeNs;
  private Next next = Next.LOOK;
  private boolean held;
  private boolean asleep;
  private boolean dead;

  Reader(Scheduler scheduler, Handler crew, UffdQueue desk, Task task) {
    this.scheduler = scheduler;
    this.crew = crew;
    this.desk = desk;
    this.task = task;
    uffd = desk.uffd();
    port = new SimulatedPort(crew, scheduler, task, uffd);
    answering = new PlanExecutor(crew.handled(), port);
    pushing = new PlanExecutor(crew.handled(), port);
    readNs = scheduler.costs().ns(Cost.READ);
    wakeNs = scheduler.costs().ns(crew.spec().spins() ? Cost.WAKE_BUSY : Cost.WAKE);
  }

  Task task() {
    return task;
  }

  Handler crew() {
    return crew;
  }

  /** Begins its work. */
  void start() {
    choose(scheduler.nowNs());
  }

  /** Something can be read from a time on. */
  void wake(long readableNs) {
    plan(Next.READ, readableNs + wakeNs + readNs);
  }

  /** It may answer by itself again. */
  void letGo() {
    if (held) {
      held = false;
      plan(Next.LOOK, scheduler.nowNs());
    }
  }

  void die() {
    dead = true;
    held = false;
    scheduler.events().cancel(this);
    scheduler.kernel().kill(task);
  }

  @Override
  public void act() {
    if (scheduler.isManual()) {
      held = true;
      sleep();
      return;
    }
    asleep = false;
    switch (next) {
      case READ -> read(crew.spec().messages());
      case ANSWER -> perform(answering, answers);
      case PUSH -> perform(pushing, ahead);
      case LOOK -> choose(scheduler.nowNs());
    }
  }

  private void read(int messages) {
    long free = scheduler.nowNs();
    for (int i = 0; i < messages && uffd.isReadable(); i++) {
      free = desk.lock(scheduler.nowNs());
      crew.told(scheduler.kernel().uffd().readOne(task, uffd), answers);
    }
    choose(free);
  }

  private void perform(PlanExecutor executor, Plan plan) {
    long free = scheduler.nowNs();
    if (uffd.totalCount() > 0) {
      free = desk.lock(free);
    }
    scheduler.wakeFrom(
        Math.max(free, scheduler.changePageTable(crew.handled().address(executor.first()))));
    carryOut(executor, plan);
    scheduler.wakeFrom(0);
    choose(free);
  }

  /** Decides what comes next: answers first, then messages, then what was planned ahead. */
  private void choose(long fromNs) {
    if (mustDrain(answering) || mustDrain(pushing)) {
      plan(Next.READ, fromNs + readNs);
    } else if (!answers.isEmpty()) {
      plan(Next.ANSWER, fromNs + prepare(answering, answers));
    } else if (uffd.isReadable()) {
      plan(Next.READ, fromNs + readNs);
    } else {
      if (ahead.isEmpty()) {
        crew.idle(ahead);
      }
      if (ahead.isEmpty()) {
        sleep();
        desk.sleep(this);
      } else {
        plan(Next.PUSH, fromNs + prepare(pushing, ahead));
      }
    }
  }

  /** It waits, for messages or for a person. */
  private void sleep() {
    if (!asleep) {
      asleep = true;
      scheduler.kernel().tell(KernelEventKind.SCHED_OUT_SLEEP, task);
    }
  }

  private boolean mustDrain(PlanExecutor executor) {
    return executor.mustDrain() && uffd.isReadable();
  }

  /** Chooses the next call. {@return how long it takes} */
  private long prepare(PlanExecutor executor, Plan plan) {
    executor.prepare(plan);
    return port.costNs(executor.call(), executor.count());
  }

  private static void carryOut(PlanExecutor executor, Plan plan) {
    executor.perform(plan);
    if (executor.isShort()) {
      executor.drop(plan, Errno.ENOMEM); // simulated memory that lacks does not come back
    }
  }

  private void plan(Next what, long ns) {
    next = what;
    scheduler.events().schedule(this, ns);
  }

  boolean isDead() {
    return dead;
  }

  // By hand

  /** Answers one fault at once: reads up to it where nobody has, and does what is planned. */
  void answerNow(QueuedFault fault) {
    boolean read = fault.read();
    if (read) {
      crew.fault(fault.address(), fault.flags(), answers);
    }
    while (!read && uffd.isReadable()) {
      readOne();
      read = uffd.queued().stream().noneMatch(f -> f.sequence() == fault.sequence() && !f.read());
    }
    carryOut(answers);
    if (isScheduled()) {
      // What it was about to do may be done.
      scheduler.events().cancel(this);
      plan(Next.LOOK, scheduler.nowNs());
    }
  }

  /** Does everything that is planned, at once. */
  void carryOut(Plan plan) {
    while (!plan.isEmpty()) {
      if (mustDrain(answering)) {
        readOne();
      }
      answering.prepare(plan);
      carryOut(answering, plan);
    }
  }

  private void readOne() {
    crew.told(scheduler.kernel().uffd().readOne(task, uffd), answers);
  }
}
