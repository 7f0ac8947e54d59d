package dev.faultscope.live.handler;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.PidFd;
import dev.faultscope.linux.Poll;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.origin.Origins;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.timeline.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers the faults of one peer until the peer leaves or {@link #stop} is called: the loop that
 * waits, and the hand on it. What is answered is the policy's to say, in {@link Answers}.
 */
public final class LiveHandler implements LiveControl, AutoCloseable {
  private static final int POLL_MS = 200;
  private static final int RETRY_MS = 1;

  /** How long to sleep between two looks at a userfaultfd that cannot be polled. */
  private static final int LOOK_MS = 1;

  private static final int UFFD = 0;
  private static final int BELL = 1;
  private static final int PROCESS = 2;

  private final Peer peer;
  private final LiveOptions options;
  private final Origins origins;
  private final LiveJournal journal;
  private final Tallies tallies = new Tallies();
  private final RunEnd end = new RunEnd();
  private final Commands commands;
  private final FillSource source;
  private final Ioctls ioctls;
  private final MessageReader reader;
  private final HeldFaults held;
  private final Answers answers;
  private final Drain departure;
  private final CpuPlacement cpus;
  private final CompletableFuture<@Nullable Void> prepared = new CompletableFuture<>();
  private volatile boolean waitsForBegin;
  private volatile boolean stopRequested;

  /**
   * Prepares a handler; {@link #run} does the work.
   *
   * @param memory what missing pages are filled from; none for a peer whose memory is all in the
   *     page cache, or to fill with zeros
   * @param recorder where everything goes that is seen and done; used by the running thread only
   */
  public LiveHandler(
      Peer peer,
      @Nullable GuestMemoryFile memory,
      HandlerPolicy policy,
      LiveOptions options,
      Recorder recorder)
      throws LinuxException {
    this.peer = peer;
    this.options = options;
    commands = new Commands();
    Userfaultfd uffd = peer.uffd();
    PeerPages guest = new PeerPages(peer, memory != null);
    source =
        new FillSource(
            memory, peer.regions().stream().mapToLong(GuestRegion::pageSize).max().orElse(0));
    origins = new Origins(peer.credentials().pid(), peer.regions(), options.originShare());
    journal = new LiveJournal(recorder, System.nanoTime(), peer);
    origins.whyNot().forEach(journal::note);
    ioctls = new Ioctls(uffd, source, guest, journal, tallies, end);
    reader = new MessageReader(uffd, guest, origins, journal, tallies);
    held = new HeldFaults(journal, tallies, options.watchdog());
    answers = new Answers(policy, guest, ioctls, journal, tallies, reader, held, end);
    departure = new Drain(guest, source, ioctls, journal, reader, answers, end);
    cpus = new CpuPlacement(options, peer.credentials().pid());
  }

  /**
   * {@return done when everything is in place that the policy wants there before the first fault}
   */
  public CompletableFuture<@Nullable Void> prepared() {
    return prepared;
  }

  /** Does nothing that nobody asked for until {@link #begin}: for a peer that has not begun. */
  public void waitForBegin() {
    waitsForBegin = true;
  }

  /** The peer begins: from now on pages are put in place ahead of faults, as the policy says. */
  public void begin() {
    waitsForBegin = false;
    commands.bell().ring();
  }

  /** Answers faults on this thread until the peer leaves or the handler is stopped. */
  public LiveSummary run() {
    String name = peer.name();
    try {
      cpus.start();
      answers.prepare();
      prepared.complete(null);
      Fd bell = commands.bell().fd();
      boolean pollable = peer.uffd().isPollable();
      List<Fd> watched = new ArrayList<>(List.of(pollable ? peer.uffd().fd() : bell, bell));
      peer.process().map(PidFd::fd).ifPresent(watched::add);
      loop(new Poll(watched.toArray(Fd[]::new)), watched.size() > PROCESS);
      if (!end.isPeerGone()) {
        held.holdNone();
        held.releaseAll(answers::answer);
        departure.leave(options.drain());
      }
    } catch (LinuxException failure) {
      end.because(failure.getMessage());
    } finally {
      prepared.complete(null);
      finish();
    }
    return tallies.summary(name, peer, end.reason(), cpus.inWords(), journal);
  }

  private void loop(Poll poll, boolean canSeeEnd) throws LinuxException {
    while (!stopRequested && !end.isPeerGone()) {
      boolean idleWork = !waitsForBegin && answers.hasAhead();
      readOn();
      if (!poll.await(idleWork ? 0 : answers.hasDeferred() ? RETRY_MS : sleepMs())) {
        if (!peer.uffd().isPollable()) {
          meet(reader.read());
        }
        held.guard(answers::answer);
        answers.retryDeferred();
        answers.answerForgotten(options.patience());
        cpus.idle();
        if (idleWork) {
          answers.push();
        } else if (!canSeeEnd && ioctls.isPeerGone()) {
          end.peerLeft();
        }
        continue;
      }
      if (poll.isReadable(BELL) && commands.bell().wasRung()) {
        commands.run();
      }
      if (poll.isBroken(UFFD)) {
        end.because("the userfaultfd is broken");
        return;
      }
      MessageReader.Brought brought = reader.read();
      meet(brought);
      answers.retryDeferred();
      held.guard(answers::answer);
      answers.answerForgotten(options.patience());
      // Last, so that everything a peer raised before it left is on record.
      if (brought.messages() == 0 && canSeeEnd && poll.isReadable(PROCESS)) {
        end.peerLeft();
      }
    }
  }

  private int sleepMs() {
    if (!peer.uffd().isPollable()) {
      return LOOK_MS;
    }
    long patienceMs = options.patience().toMillis();
    // A fault that nobody answers may not wait for the next message.
    return patienceMs > 0 && patienceMs < POLL_MS ? (int) patienceMs : POLL_MS;
  }

  /**
   * Reads on while there is something to read, and without sleeping for as long as that pays. Who
   * was woken by an answer often runs at once, in our place, and has raised its next fault when the
   * answer returns: then there is no need to poll.
   */
  private void readOn() throws LinuxException {
    long until = 0;
    while (!stopRequested && commands.isEmpty()) {
      MessageReader.Brought brought = reader.read();
      if (brought.messages() > 0) {
        meet(brought);
        until = 0;
        continue;
      }
      long spinNs = cpus.spinNs();
      if (spinNs == 0 || end.isPeerGone()) {
        return;
      }
      long now = System.nanoTime();
      if (until == 0) {
        until = now + spinNs;
      }
      if (now >= until) {
        return;
      }
      if (cpus.yields()) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private void meet(MessageReader.Brought brought) throws LinuxException {
    List<WaitingFault> faults = brought.faults();
    for (int i = 0; i < faults.size(); i++) {
      WaitingFault fault = faults.get(i);
      cpus.met(fault, fault.sinceNs());
      answers.meet(fault);
    }
    held.recorded();
    if (!held.isEmpty()) {
      cpus.disturbed();
    }
  }

  private void finish() {
    if (end.isPeerGone()) {
      journal.kernel(KernelEventKind.UFFD_CLOSE);
      for (WaitingFault fault : journal.waiting()) {
        journal.lost(fault);
      }
    }
    cpus.end();
    held.clear();
    commands.end();
  }

  @Override
  public CompletableFuture<Void> runFreely() {
    return commands.ask(
        () -> {
          held.holdNone();
          held.releaseAll(answers::answer);
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> hold(HoldRule which) {
    return commands.ask(
        () -> {
          held.hold(which);
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> release(HoldRule which) {
    return commands.ask(
        () -> {
          held.hold(which);
          held.releaseAll(answers::answer);
          return null;
        });
  }

  @Override
  public CompletableFuture<Boolean> step() {
    return commands.ask(() -> held.releaseOldest(answers::answer));
  }

  @Override
  public CompletableFuture<Boolean> step(long sequence) {
    return commands.ask(() -> held.release(sequence, answers::answer));
  }

  @Override
  public boolean isHolding() {
    return held.isHolding();
  }

  @Override
  public long nowNs() {
    return journal.now();
  }

  @Override
  public CompletableFuture<UffdResult> answer(ByHand byHand) {
    return commands.ask(
        () -> {
          UffdResult result = ioctls.byHand(byHand);
          held.prune();
          return result;
        });
  }

  @Override
  public CompletableFuture<Void> gone(HoleKind how, int region, int firstPage, int pages) {
    return commands.ask(
        () -> {
          journal.hole(how, region, firstPage, pages, journal.now(), 0);
          return null;
        });
  }

  @Override
  public List<WaitingFault> held() {
    return held.snapshot();
  }

  @Override
  public void onChange(Runnable told) {
    held.onChange(told);
  }

  @Override
  public void stop() {
    stopRequested = true;
    commands.bell().ring();
  }

  /** Gives back what the handler opened itself; the peer is its owner's. */
  @Override
  public void close() {
    commands.close();
    source.close();
    origins.close();
  }
}
