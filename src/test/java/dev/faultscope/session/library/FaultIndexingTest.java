package dev.faultscope.session.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@Timeout(60)
class FaultIndexingTest {
  @TempDir Path folder;
  private final AtomicInteger sought = new AtomicInteger();
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore goOn = new Semaphore(0);

  @Test
  void recordingIsSoughtOnceHoweverOftenItIsAskedForMeanwhile() throws Exception {
    Session session = session();
    try (FaultIndexing indexing = held()) {
      indexing.prepare(session);
      assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      indexing.prepare(session);
      indexing.prepare(session);
      goOn.release();
      // The same thread takes what comes after: nothing was left of the others.
      Session another = session();
      goOn.release();
      indexing.prepare(another);
      assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      assertThat(sought).hasValue(2);
      another.timeline().close();
    }
    session.timeline().close();
  }

  @Test
  void runThatEndsAfterTheLibraryIsClosedIsNoError() throws IOException {
    Session session = session();
    FaultIndexing indexing = held();
    indexing.close();
    indexing.prepare(session);
    assertThat(sought).hasValue(0);
    session.timeline().close();
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void whatClosingBreaksOffIsNoWarningAndWhatCannotBeFoundIs(CapturedOutput output)
      throws Exception {
    Session session = session();
    CountDownLatch over = new CountDownLatch(1);
    FaultIndexing closed =
        new FaultIndexing(
            timeline -> {
              begun.release();
              try {
                goOn.acquire();
              } catch (InterruptedException e) {
                throw new UncheckedIOException(new ClosedByInterruptException());
              } finally {
                over.countDown();
              }
            });
    closed.prepare(session);
    assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    closed.close();
    assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
    try (FaultIndexing full =
        new FaultIndexing(
            timeline -> {
              throw new UncheckedIOException(new IOException("No space left on device"));
            })) {
      full.prepare(session);
      while (!output.getAll().contains("No space left on device")) {
        Thread.onSpinWait();
      }
    }
    assertThat(output.getAll()).doesNotContain("ClosedByInterruptException");
    session.timeline().close();
  }

  private FaultIndexing held() {
    return new FaultIndexing(
        timeline -> {
          sought.incrementAndGet();
          begun.release();
          goOn.acquireUninterruptibly();
        });
  }

  private Session session() throws IOException {
    return RecordedSessions.faults(folder.resolve(System.nanoTime() + ".fscope"), 1, 3, 8);
  }
}
