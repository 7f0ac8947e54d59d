package dev.faultscope.live;

import dev.faultscope.linux.SleepingThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Says who touched the page of a fault: the vCPU's stage 2, KVM itself, a system call, or the
 * thread in user mode. Read off the kernel stack of the thread that sleeps for it, which names the
 * function as well. For the handler's thread.
 */
final class Origins {
  /** Threads looked at where a message does not name its own. */
  private static final int MOST_THREADS = 64;

  /** Looks at a thread until it sleeps; each takes some microseconds. */
  private static final int MOST_LOOKS = 100;

  private final int pid;
  private final boolean readable;
  private final String whyNot;

  /**
   * @param asked whether to look at all: it takes some twenty microseconds a fault
   */
  Origins(int pid, boolean asked) {
    this.pid = pid;
    readable = asked && isReadable();
    whyNot =
        asked && !readable
            ? "who touched a page is not told: kernel stacks may not be read here, which takes"
                + " CAP_SYS_ADMIN"
            : "";
  }

  private static boolean isReadable() {
    try {
      return !Files.readString(Path.of("/proc/self/stack")).isEmpty();
    } catch (IOException denied) {
      return false;
    }
  }

  /** {@return why nothing can be told, with the remedy; empty where it can, or nobody asked} */
  String whyNot() {
    return whyNot;
  }

  /**
   * {@return who made the access that a thread sleeps for; unknown where nobody asked or {@link
   * #whyNot} says why not}
   *
   * @param threadId 0 where the message does not say: then it is known if one thread alone sleeps
   */
  StackOrigin of(int threadId) {
    if (!readable) {
      return StackOrigin.UNKNOWN;
    }
    return threadId == 0 ? ofTheOnlySleeper() : ofSleeper(threadId);
  }

  /** The message is queued before its thread falls asleep: one that runs yet is let do so. */
  private StackOrigin ofSleeper(int threadId) {
    for (int look = 0; look < MOST_LOOKS; look++) {
      List<String> stack = SleepingThread.stackOf(pid, threadId);
      if (!stack.isEmpty()) {
        return StackOrigin.of(stack);
      }
      Thread.yield();
    }
    return StackOrigin.UNKNOWN;
  }

  private StackOrigin ofTheOnlySleeper() {
    try {
      List<SleepingThread> sleeping = SleepingThread.of(pid, MOST_THREADS).sleeping();
      return sleeping.size() == 1
          ? StackOrigin.of(sleeping.getFirst().stack())
          : StackOrigin.UNKNOWN;
    } catch (IOException gone) {
      return StackOrigin.UNKNOWN;
    }
  }
}
