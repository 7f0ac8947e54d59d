package dev.faultscope.session.live;

import dev.faultscope.live.guest.GuestLauncher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The process of a guest of ours. It ends with its handler, and with us. */
final class OwnGuest implements AutoCloseable {
  private static final int END_SECONDS = 10;
  private static final int MOST_SAID = 600;

  private final Process process;
  private final Path output;

  private OwnGuest(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts it.
   *
   * @param folder where its output goes, which somebody else deletes
   */
  static OwnGuest start(GuestOrder order, Path socket, Path folder) throws IOException {
    Path output = folder.resolve("guest.txt");
    List<String> arguments = new ArrayList<>(List.of("--socket", socket.toString()));
    arguments.addAll(order.arguments());
    return new OwnGuest(
        GuestLauncher.process(arguments)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  /** Tells when it has ended. */
  void whenEnded(Runnable told) {
    process.onExit().thenRun(told);
  }

  /** {@return what it said, and how it ended; waits for the end, which is at hand} */
  String lastWords() {
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "The guest did not end and was killed.";
      }
      String said = said();
      return process.exitValue() == 0
          ? said
          : "The guest ended with " + process.exitValue() + (said.isEmpty() ? "" : ": " + said);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private String said() {
    try (var lines = Files.lines(output, StandardCharsets.UTF_8)) {
      String text =
          lines
              .limit(20)
              .map(line -> line.strip().replaceAll("\\s+", " "))
              .filter(line -> !line.isEmpty())
              .collect(Collectors.joining(" · "));
      return text.substring(0, Math.min(MOST_SAID, text.length()));
    } catch (IOException unreadable) {
      return "";
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
