package dev.faultscope.stream;

import dev.faultscope.session.ExplorationThread;
import dev.faultscope.session.Session;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One browser's connection: from its first message on, an exploration of its own. */
final class Connection implements AutoCloseable {
  /** A socket that says nothing for so long is closed. */
  private static final long HELLO_LIMIT_SECONDS = 10;

  private final Session session;
  private final Outbound out;
  private final CountDownLatch greeted = new CountDownLatch(1);
  private volatile @Nullable Watching watching;

  /** What there is after the first message. */
  private record Watching(WebViewer viewer, ExplorationThread exploration) {}

  Connection(Session session, Outbound out) {
    this.session = session;
    this.out = out;
  }

  void awaitHello() {
    Thread.ofVirtual()
        .name("hello-" + session.id())
        .start(
            () -> {
              try {
                if (!greeted.await(HELLO_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                  out.close("no hello within " + HELLO_LIMIT_SECONDS + " seconds");
                }
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** Takes in a message; the container calls it for one message after the other. */
  void hear(String text) {
    Watching now = watching;
    ClientMessage message;
    try {
      message = ClientMessages.read(text);
    } catch (MalformedMessageException e) {
      if (now == null) {
        out.close(shortened("malformed hello: " + e.reason()));
      } else {
        complain(now, "bad-message", e.reason());
      }
      return;
    }
    if (now != null) {
      hear(now, message);
    } else if (message instanceof ClientMessage.Hello hello) {
      greet(hello);
    } else {
      out.close("the first message must be hello");
    }
  }

  private void greet(ClientMessage.Hello hello) {
    greeted.countDown();
    ClientMessage.Resume resume = hello.resume();
    boolean resumed =
        resume != null
            && resume.epoch() == Integer.toUnsignedLong(session.epoch())
            && resume.seq() <= session.lastSequence();
    long painted = resumed && resume != null ? resume.seq() : -1;
    WebViewer viewer = new WebViewer(session, out, System::nanoTime, painted);
    watching = new Watching(viewer, ExplorationThread.start(session, viewer, painted, hello.seq()));
  }

  private static void hear(Watching now, ClientMessage message) {
    switch (message) {
      case ClientMessage.Hello _ -> complain(now, "bad-message", "hello comes only once");
      case ClientMessage.Ack(long frames) -> {
        if (now.viewer.ack(frames)) {
          now.exploration.nudge();
        } else {
          complain(now, "bad-message", "ack of " + frames + " frames cannot be");
        }
      }
      case ClientMessage.View view -> now.viewer.view(view);
      case ClientMessage.Tiles(var tiles) -> {
        now.viewer.tiles(tiles);
        now.exploration.nudge();
      }
      case ClientMessage.Stream(boolean on) -> {
        now.viewer.stream(on);
        now.exploration.nudge();
      }
      case ClientMessage.Act(var command) -> {
        if (!now.exploration.submit(command)) {
          complain(
              now,
              "busy",
              "more than " + ExplorationThread.QUEUE_LIMIT + " commands wait; this one is dropped");
        }
      }
    }
  }

  private static void complain(Watching now, String code, String message) {
    now.viewer.complain(code, message);
    now.exploration.nudge();
  }

  /** A close frame has room for 123 bytes. */
  private static String shortened(String reason) {
    return reason.length() <= 100 ? reason : reason.substring(0, 100);
  }

  @Override
  public void close() {
    greeted.countDown();
    Watching now = watching;
    if (now != null) {
      now.exploration.close();
    }
  }
}
