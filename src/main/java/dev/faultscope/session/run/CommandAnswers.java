package dev.faultscope.session.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for answers of runs, never for ever. */
public final class CommandAnswers {
  private static final long LIMIT_SECONDS = 30;

  private CommandAnswers() {}

  /**
   * {@return what came of it}
   *
   * @throws RunRefusedException if it was refused, or takes longer than 30 seconds: it then still
   *     happens
   */
  public static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException _) {
      throw new RunRefusedException(
          RunRefusedException.Reason.BUSY,
          "no answer within " + LIMIT_SECONDS + " seconds; it happens when its turn comes");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new RunRefusedException(RunRefusedException.Reason.BUSY, "the wait was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RunRefusedException refused) {
        throw refused;
      }
      throw new CompletionException(e.getCause());
    }
  }
}
