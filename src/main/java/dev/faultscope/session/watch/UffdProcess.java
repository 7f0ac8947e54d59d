package dev.faultscope.session.watch;

import dev.faultscope.linux.KvmGuests;
import dev.faultscope.linux.OpenUserfaultfd;
import dev.faultscope.linux.SleepingThread;
import dev.faultscope.live.attach.ThreadNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A process that has a userfaultfd open.
 *
 * @param name its short name
 * @param command its command line, cut off after 200 characters
 * @param user the name, or the number, of who runs it
 * @param pending faults of all its userfaultfds that nobody has read
 * @param unanswered faults that were read and not answered
 * @param sleeping its threads that sleep in handle_userfault, of the first 256
 * @param guest whether it runs a guest with KVM
 */
public record UffdProcess(
    int pid,
    String name,
    String command,
    String user,
    List<WatchStatus.Uffd> uffds,
    long pending,
    long unanswered,
    int sleeping,
    boolean guest) {
  private static final int MOST_SHOWN = 100;
  private static final int MOST_THREADS = 256;
  private static final int LONGEST_COMMAND = 200;

  /**
   * Which there are.
   *
   * @param processes by number, at most 100
   * @param hidden processes that may not be looked at
   * @param cut whether there are more than are shown
   */
  public record Found(List<UffdProcess> processes, int hidden, boolean cut) {}

  /**
   * {@return every process that has a userfaultfd open or runs a guest with KVM, and may be looked
   * at, but ourselves}
   *
   * @throws IOException if there is no /proc
   */
  public static Found all() throws IOException {
    long own = ProcessHandle.current().pid();
    List<UffdProcess> found = new ArrayList<>();
    int hidden = 0;
    for (int pid : pids()) {
      if (pid == own) {
        continue;
      }
      try {
        List<OpenUserfaultfd> uffds = OpenUserfaultfd.of(pid);
        boolean guest = KvmGuests.isRunBy(pid);
        if (!uffds.isEmpty() || guest) {
          found.add(of(pid, uffds, guest));
        }
      } catch (AccessDeniedException denied) {
        hidden++;
      } catch (IOException | DirectoryIteratorException goneMeanwhile) {
        // It is not there any more.
      }
    }
    boolean cut = found.size() > MOST_SHOWN;
    return new Found(List.copyOf(cut ? found.subList(0, MOST_SHOWN) : found), hidden, cut);
  }

  private static List<Integer> pids() throws IOException {
    List<Integer> pids = new ArrayList<>();
    try (DirectoryStream<Path> processes =
        Files.newDirectoryStream(
            Path.of("/proc"), path -> path.getFileName().toString().matches("[0-9]+"))) {
      processes.forEach(process -> pids.add(Integer.valueOf(process.getFileName().toString())));
    }
    pids.sort(Comparator.naturalOrder());
    return pids;
  }

  private static UffdProcess of(int pid, List<OpenUserfaultfd> uffds, boolean guest)
      throws IOException {
    Path process = Path.of("/proc/" + pid);
    String command =
        new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8)
            .replace('\0', ' ')
            .strip();
    return new UffdProcess(
        pid,
        ThreadNames.ofProcess(pid),
        command.length() > LONGEST_COMMAND ? command.substring(0, LONGEST_COMMAND) + "…" : command,
        Files.getOwner(process, LinkOption.NOFOLLOW_LINKS).getName(),
        uffds.stream().map(WatchStatus.Uffd::of).toList(),
        uffds.stream().mapToLong(OpenUserfaultfd::pending).sum(),
        uffds.stream().mapToLong(OpenUserfaultfd::read).sum(),
        SleepingThread.of(pid, MOST_THREADS).sleeping().size(),
        guest);
  }
}
