package dev.faultscope.session.live;

import dev.faultscope.live.attach.Handshake;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A socket at which peers are waited for, as a person asked for it. For many threads. */
public final class Attachment {
  private final String id;
  private final AttachOrder order;
  private final List<LiveRun> runs = new CopyOnWriteArrayList<>();
  private @Nullable Serving serving;

  Attachment(String id, AttachOrder order) {
    this.id = id;
    this.order = order;
  }

  synchronized void servedBy(Serving by) {
    serving = by;
  }

  private synchronized Serving serving() {
    Serving known = serving;
    if (known == null) {
      throw new IllegalStateException("it listens not yet");
    }
    return known;
  }

  /** {@return its name} */
  public String id() {
    return id;
  }

  void add(LiveRun run) {
    runs.add(run);
  }

  boolean isOver() {
    return serving().isOver();
  }

  /** Lets go of every peer in good order and listens no more. */
  public void stop() {
    serving().stop();
  }

  /** {@return how it stands} */
  public View view() {
    Serving by = serving();
    String state =
        by.isOver()
            ? by.failure() == null ? "over" : "failed"
            : runs.stream().anyMatch(run -> !run.isOver()) ? "serving" : "waiting";
    return new View(
        id,
        state,
        by.socket().toString(),
        order.memory(),
        order.policy(),
        order.peers(),
        order.acceptTimeout().toSeconds(),
        order.greetTimeout().toSeconds(),
        order.watchdog().toSeconds(),
        Handshake.request(by.socket()),
        by.failure(),
        by.refusals(),
        runs.stream().map(LiveRun::id).toList());
  }

  /**
   * How an attachment stands.
   *
   * @param state {@code waiting}, {@code serving}, {@code over} or {@code failed}
   * @param socket where it listens
   * @param memory the memory file; empty for zeros
   * @param peers how many are served
   * @param acceptSeconds how long each is waited for
   * @param handshakeSeconds how long each may take for its message
   * @param watchdogSeconds how long a fault may be held
   * @param request the body of {@code PUT /snapshot/load}
   * @param failure why it failed; null if it did not
   * @param refused who was sent away, and why
   * @param runs names of runs, one each peer
   */
  public record View(
      String id,
      String state,
      String socket,
      String memory,
      String policy,
      int peers,
      long acceptSeconds,
      long handshakeSeconds,
      long watchdogSeconds,
      String request,
      @Nullable String failure,
      List<String> refused,
      List<String> runs) {}
}
