package dev.faultscope.session.live;

import dev.faultscope.session.library.Library;
import dev.faultscope.session.run.CommandAnswers;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunPhase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A server without its pages, in a process of its own, whose guest's fault is held: it prints
 * "held" then, and "done" once it was asked by a line to let the guest go and the guest has ended
 * well.
 */
final class HeldServer {
  private HeldServer() {}

  public static void main(String[] arguments) throws Exception {
    Library library = KilledServer.library(Path.of(arguments[0]));
    library.start();
    try (LiveRuns live = new LiveRuns(library, KilledServer.runs(library), new LiveLimits(1, 8))) {
      LiveRun run =
          live.start(
              new GuestOrder(
                  "memfd",
                  "minor",
                  1,
                  arguments[1],
                  1,
                  "sequential",
                  false,
                  3,
                  false,
                  "on-demand",
                  "page >= 10",
                  Duration.ofMinutes(10)));
      await(() -> run.status().phase() == RunPhase.WAITING);
      System.out.println("held");
      System.in.read();
      System.out.println(run.status().phase() + " still");
      CommandAnswers.await(run.submit(new RunCommand.Go(Double.POSITIVE_INFINITY)));
      await(() -> ("" + run.status().message()).contains("demand paging rate"));
      System.out.println(run.status().phase());
    }
    library.close();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }
}
