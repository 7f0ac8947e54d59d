package dev.faultscope.simulation;

import dev.faultscope.scenario.Cost;
import dev.faultscope.simulation.kernel.QueuedFault;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.Userfaultfd;
import dev.faultscope.simulation.policy.Plan;
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

  private final Clockwork clockwork;
  private final Crew crew;
  private final Desk desk;
  private final Task task;
  private final Userfaultfd uffd;
  private final Carrier answering;
  private final Carrier pushing;
  private final Plan answers = new Plan();
  private final Plan ahead = new Plan();
  private final long readNs;
  private final long wakeNs;
  private Next next = Next.LOOK;
  private boolean held;
  private boolean dead;

  Reader(Clockwork clockwork, Crew crew, Desk desk, Task task) {
    this.clockwork = clockwork;
    this.crew = crew;
    this.desk = desk;
    this.task = task;
    uffd = desk.uffd();
    answering = new Carrier(crew, clockwork, task, uffd);
    pushing = new Carrier(crew, clockwork, task, uffd);
    readNs = clockwork.costs().ns(Cost.READ);
    wakeNs = clockwork.costs().ns(crew.spec().spins() ? Cost.WAKE_BUSY : Cost.WAKE);
  }

  Task task() {
    return task;
  }

  Crew crew() {
    return crew;
  }

  /** Begins its work. */
  void start() {
    choose(clockwork.nowNs());
  }

  /** Something can be read from a time on. */
  void wake(long readableNs) {
    plan(Next.READ, readableNs + wakeNs + readNs);
  }

  /** It may answer by itself again. */
  void letGo() {
    if (held) {
      held = false;
      plan(Next.LOOK, clockwork.nowNs());
    }
  }

  void die() {
    dead = true;
    held = false;
    clockwork.agenda().cancel(this);
    clockwork.kernel().kill(task);
  }

  @Override
  public void act() {
    if (clockwork.isManual()) {
      held = true;
      return;
    }
    switch (next) {
      case READ -> read(crew.spec().messages());
      case ANSWER -> perform(answering, answers);
      case PUSH -> perform(pushing, ahead);
      case LOOK -> choose(clockwork.nowNs());
    }
  }

  private void read(int messages) {
    long free = clockwork.nowNs();
    for (int i = 0; i < messages && uffd.isReadable(); i++) {
      free = desk.lock(clockwork.nowNs());
      crew.told(clockwork.kernel().uffd().readOne(task, uffd), answers);
    }
    choose(free);
  }

  private void perform(Carrier carrier, Plan plan) {
    long free = clockwork.nowNs();
    if (uffd.totalCount() > 0) {
      free = desk.lock(free);
    }
    clockwork.wakeFrom(Math.max(free, clockwork.changePageTable(carrier.address())));
    carrier.perform(plan);
    clockwork.wakeFrom(0);
    choose(free);
  }

  /** Decides what comes next: answers first, then messages, then what was planned ahead. */
  private void choose(long fromNs) {
    if (answering.mustDrain() || pushing.mustDrain()) {
      plan(Next.READ, fromNs + readNs);
    } else if (!answers.isEmpty()) {
      plan(Next.ANSWER, fromNs + answering.prepare(answers));
    } else if (uffd.isReadable()) {
      plan(Next.READ, fromNs + readNs);
    } else {
      if (ahead.isEmpty()) {
        crew.idle(ahead);
      }
      if (ahead.isEmpty()) {
        desk.sleep(this);
      } else {
        plan(Next.PUSH, fromNs + pushing.prepare(ahead));
      }
    }
  }

  private void plan(Next what, long ns) {
    next = what;
    clockwork.agenda().schedule(this, ns);
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
      clockwork.agenda().cancel(this);
      plan(Next.LOOK, clockwork.nowNs());
    }
  }

  /** Does everything that is planned, at once. */
  void carryOut(Plan plan) {
    while (!plan.isEmpty()) {
      if (answering.mustDrain()) {
        readOne();
      }
      answering.prepare(plan);
      answering.perform(plan);
    }
  }

  private void readOne() {
    crew.told(clockwork.kernel().uffd().readOne(task, uffd), answers);
  }
}
