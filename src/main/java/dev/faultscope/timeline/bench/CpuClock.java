package dev.faultscope.timeline.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Wall time, and the CPU time of this thread and of the one that it makes to write a recording: on
 * a busy machine only the second says what code costs.
 */
public final class CpuClock implements ThreadFactory {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private @Nullable Thread writing;
  private long wall;
  private long cpu;

  /** A clock that runs. */
  public CpuClock() {
    restart();
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread made = Thread.ofPlatform().daemon().name("seal").unstarted(task);
    writing = made;
    return made;
  }

  /** Starts again at 0. */
  public void restart() {
    wall = System.nanoTime();
    cpu = spent();
  }

  /** {@return nanoseconds since the start} */
  public long wallNs() {
    return System.nanoTime() - wall;
  }

  /**
   * {@return nanoseconds of CPU since the start, at least 1; ask before the recording is completed,
   * which ends the thread that writes}
   */
  public long cpuNs() {
    return Math.max(1, spent() - cpu);
  }

  private long spent() {
    Thread other = writing;
    return threads.getCurrentThreadCpuTime()
        + (other == null ? 0 : Math.max(0, threads.getThreadCpuTime(other.threadId())));
  }
}
