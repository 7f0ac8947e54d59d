package dev.faultscope.session.comparison;

import dev.faultscope.session.Recent;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Comparisons that run, one at a time, that wait and that are done; a bounded number of each. */
public final class Comparisons implements AutoCloseable {
  private static final int ID_BYTES = 8;

  private final ComparisonLimits limits;
  private final ThreadPoolExecutor executor;
  private final Recent<Comparison> known;
  private final SecureRandom random = new SecureRandom();

  public Comparisons(ComparisonLimits limits) {
    this.limits = limits;
    known = new Recent<>(limits.kept(), Comparison::isOver);
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(limits.waiting()),
            Thread.ofPlatform().daemon().name("comparison-", 0).factory());
    executor.allowCoreThreadTimeOut(true);
  }

  /** {@return what one comparison may take} */
  public ComparisonLimits limits() {
    return limits;
  }

  /**
   * Starts a comparison, or lets it wait for its turn.
   *
   * @throws BusyException if too many wait
   */
  public Comparison start(ComparisonRequest request) throws BusyException {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    Comparison comparison = new Comparison(HexFormat.of().formatHex(bytes), request, limits);
    known.add(comparison.id(), comparison);
    try {
      executor.execute(comparison);
    } catch (RejectedExecutionException _) {
      forget(comparison.id());
      throw new BusyException(limits.waiting());
    }
    return comparison;
  }

  /** {@return a comparison by its name} */
  public Optional<Comparison> find(String id) {
    return known.find(id);
  }

  /** Cancels a comparison and forgets it. {@return whether there was one} */
  public boolean forget(String id) {
    Optional<Comparison> found = known.forget(id);
    found.ifPresent(
        comparison -> {
          comparison.cancel();
          executor.remove(comparison); // its place in the queue is free at once
        });
    return found.isPresent();
  }

  /** Has every comparison end, and takes no more. */
  public void stop() {
    executor.shutdownNow();
    known.all().forEach(Comparison::abandon);
  }

  @Override
  public void close() {
    stop();
  }

  /** Too many comparisons wait. */
  public static final class BusyException extends Exception {
    private static final long serialVersionUID = 1;

    BusyException(int waiting) {
      super(waiting + " comparisons wait already: try again when one is done, or cancel one");
    }
  }
}
