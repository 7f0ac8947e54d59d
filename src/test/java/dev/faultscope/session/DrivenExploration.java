package dev.faultscope.session;

import java.util.function.LongSupplier;

/** An exploration that a test drives itself, turn by turn. */
public final class DrivenExploration implements AutoCloseable {
  private final Exploration exploration;

  public DrivenExploration(
      Session session, Viewer viewer, LongSupplier nanoTime, long painted, long first) {
    exploration = new Exploration(session, viewer, nanoTime);
    exploration.start(painted, first);
  }

  public void execute(Command command) {
    exploration.execute(command);
  }

  public void turn() {
    exploration.turn();
  }

  public long seq() {
    return exploration.seq();
  }

  public long sleepNs() {
    return exploration.sleepNs();
  }

  @Override
  public void close() {
    exploration.close();
  }
}
