package dev.faultscope.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A trace instance of ours: {@code instances/faultscope-PID-N-PURPOSE}. The kernel keeps it until
 * it is removed, also when its maker was killed, so that its name says whose it is.
 */
public final class TraceInstance implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("faultscope-(\\d{1,9})-\\d+-.*");
  private static final int READ_BYTES = 64 << 10;
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Path folder;
  private final Fd pipe;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment buffer = arena.allocate(READ_BYTES);

  private TraceInstance(Path folder, Fd pipe) {
    this.folder = folder;
    this.pipe = pipe;
  }

  static TraceInstance create(Path instances, String purpose) throws IOException {
    Path folder =
        instances.resolve(
            "faultscope-%d-%d-%s"
                .formatted(Processes.currentProcessId(), COUNT.incrementAndGet(), purpose));
    Files.createDirectory(folder);
    try {
      return new TraceInstance(folder, Fd.openNonBlocking(folder.resolve("trace_pipe")));
    } catch (IOException failure) {
      Files.delete(folder);
      throw failure;
    }
  }

  /** Writes to one of its files, e.g. {@code trace_clock}; what the kernel refuses is thrown. */
  public void set(String file, String value) throws IOException {
    Files.writeString(folder.resolve(file), value, StandardOpenOption.WRITE);
  }

  /**
   * Switches an event on.
   *
   * @param event {@code group/name}
   * @param filter an expression of its fields, empty for every event
   */
  public void enable(String event, String filter) throws IOException {
    String file = "events/" + event + "/";
    if (!filter.isEmpty()) {
      set(file + "filter", filter);
    }
    set(file + "enable", "1");
  }

  /**
   * Takes the events of a process alone: of its threads, and of those that they start later.
   *
   * @throws IOException if there is no such process
   */
  public void follow(int pid) throws IOException {
    set("options/event-fork", "1");
    StringBuilder threads = new StringBuilder();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      tasks.forEach(task -> threads.append(task.getFileName()).append(' '));
    }
    set("set_event_pid", threads.toString());
  }

  /**
   * Takes what was recorded since the last time, as text, without waiting.
   *
   * @return at most 64 KiB, ending in the middle of a line where there is more; empty for nothing
   */
  public String take() throws LinuxException {
    long count = pipe.read(buffer);
    if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
      return "";
    }
    int bytes = (int) LinuxException.check(count, "read", "trace_pipe of " + folder.getFileName());
    return new String(
        buffer.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }

  /** Stops and removes it; what is in its buffer is lost. */
  @Override
  public void close() throws IOException {
    pipe.close();
    try {
      set("tracing_on", "0");
      set("events/enable", "0");
    } finally {
      Files.deleteIfExists(folder);
    }
  }

  static List<String> ofProcess(Path instances, long pid) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(instances, "faultscope-" + pid + "-*")) {
      folders.forEach(folder -> names.add("" + folder.getFileName()));
    }
    return names;
  }

  static int sweep(Path instances) throws IOException {
    int swept = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(instances, "faultscope-*")) {
      for (Path folder : folders) {
        Matcher name = NAME.matcher("" + folder.getFileName());
        // One in use cannot be removed, whatever its number means in another pid namespace.
        if (name.matches() && !Files.exists(Path.of("/proc/" + name.group(1))) && remove(folder)) {
          swept++;
        }
      }
    }
    return swept;
  }

  private static boolean remove(Path folder) {
    try {
      return Files.deleteIfExists(folder);
    } catch (IOException inUse) {
      return false;
    }
  }
}
