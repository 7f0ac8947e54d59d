package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.session.RecordedSessions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitIndexTest {
  @TempDir Path folder;

  @Test
  void closingDoesNotWaitForTheSearch() throws Exception {
    RecordingFile recording = RecordedSessions.write(folder.resolve("a.fscope"), 1, 100, 64);
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Timeline whole = recording.timeline()) {
      Timeline slow = heldAtEvent(whole, 10, reached, goOn);
      WaitIndex index = new WaitIndex(slow);
      CompletableFuture<Waits> search = CompletableFuture.supplyAsync(index::waits);
      assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
      Thread closing = Thread.ofPlatform().start(index::close);
      while (closing.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      goOn.countDown();
      assertThatThrownBy(() -> search.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("the recording was closed before its faults were found");
      closing.join();
      assertThatThrownBy(index::waits).isInstanceOf(IllegalStateException.class);
    }
  }

  /** A timeline that lets nobody past an event for a while, and has none behind the next. */
  private static Timeline heldAtEvent(
      Timeline whole, long event, CountDownLatch reached, CountDownLatch goOn) {
    return (Timeline)
        Proxy.newProxyInstance(
            Timeline.class.getClassLoader(),
            new Class<?>[] {Timeline.class},
            (_, method, arguments) -> {
              if (method.getName().equals("event")) {
                long asked = (long) arguments[0];
                assertThat(asked).isLessThanOrEqualTo(event);
                if (asked == event) {
                  reached.countDown();
                  assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
                }
              }
              try {
                return method.invoke(whole, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
