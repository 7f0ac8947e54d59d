package dev.faultscope.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A thread that sleeps in {@code handle_userfault}, as {@code /proc/PID/task} tells of it.
 *
 * @param tid the kernel's number of the thread
 * @param switches how often it gave the CPU up by itself; the same number later means the same
 *     sleep
 * @param stack functions of its kernel stack, innermost first; empty where they may not be read
 */
public record SleepingThread(int tid, long switches, List<String> stack) {
  private static final String WAITS_IN = "handle_userfault";

  public SleepingThread {
    stack = List.copyOf(stack);
  }

  /**
   * What a look at a process's threads found.
   *
   * @param sleeping those that wait for a userfault
   * @param looked how many threads were looked at
   * @param cut whether there were more threads than were looked at
   */
  public record Found(List<SleepingThread> sleeping, int looked, boolean cut) {}

  /**
   * Looks at a process's threads.
   *
   * @param most how many threads to look at
   * @throws IOException if there is no such process
   */
  public static Found of(int pid, int most) throws IOException {
    List<SleepingThread> sleeping = new ArrayList<>();
    int looked = 0;
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        if (looked == most) {
          return new Found(List.copyOf(sleeping), looked, true);
        }
        looked++;
        look(task, sleeping);
      }
    }
    return new Found(List.copyOf(sleeping), looked, false);
  }

  /**
   * {@return the kernel stack of one thread, innermost function first; empty where it does not
   * sleep in handle_userfault, is gone, or its stack may not be read}
   */
  public static List<String> stackOf(int pid, int tid) {
    List<String> stack = stack(Path.of("/proc/" + pid + "/task/" + tid));
    return stack.contains(WAITS_IN) ? stack : List.of();
  }

  private static void look(Path task, List<SleepingThread> into) {
    try {
      if (Files.readString(task.resolve("wchan")).equals(WAITS_IN)) {
        long switches = switches(task);
        into.add(
            new SleepingThread(
                Integer.parseInt(task.getFileName().toString()), switches, stack(task)));
      }
    } catch (IOException endedMeanwhile) {
      // A thread that ended while we looked sleeps no more.
    }
  }

  private static long switches(Path task) throws IOException {
    for (String line : Files.readAllLines(task.resolve("status"))) {
      if (line.startsWith("voluntary_ctxt_switches:")) {
        return Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return 0;
  }

  private static List<String> stack(Path task) {
    List<String> functions = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(task.resolve("stack"))) {
        // "[<0>] handle_userfault+0x366/0x840"
        int begin = line.indexOf(' ') + 1;
        int plus = line.indexOf('+', begin);
        if (plus > begin) {
          functions.add(line.substring(begin, plus));
        }
      }
    } catch (IOException notPermitted) {
      return List.of();
    }
    return functions;
  }
}
