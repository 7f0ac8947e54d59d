package dev.faultscope.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The handler in C that ours is measured against, compiled where it is run. */
final class CHandler {
  private static final int COMPILE_SECONDS = 60;

  private final Path program;

  private CHandler(Path program) {
    this.program = program;
  }

  /**
   * Compiles it.
   *
   * @throws IOException saying what is missing: the source or a compiler
   */
  static CHandler compile(Path source, Path folder) throws IOException {
    if (!Files.isReadable(source)) {
      throw new IOException(
          "the C handler's source is not at %s: start in the repository, or name it by --c-source"
              .formatted(source.toAbsolutePath()));
    }
    Path program = folder.resolve("uffd_handler");
    Path said = folder.resolve("cc.txt");
    Process compiler;
    try {
      compiler =
          new ProcessBuilder("cc", "-O2", "-pthread", "-o", program + "", source + "")
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
    } catch (IOException missing) {
      throw new IOException("there is no C compiler 'cc' to compile the C handler with", missing);
    }
    if (!ended(compiler, COMPILE_SECONDS) || compiler.exitValue() != 0) {
      throw new IOException(
          "the C handler cannot be compiled: " + Files.readString(said, StandardCharsets.UTF_8));
    }
    return new CHandler(program);
  }

  /**
   * Starts it; it ends when its peer does.
   *
   * @param cpu where it is pinned, -1 for nowhere
   */
  Process start(Path socket, boolean blocking, int pages, int cpu, Path memory) throws IOException {
    List<String> command = new ArrayList<>(List.of(program + "", socket + ""));
    command.add(blocking ? "blocking" : "poll");
    command.addAll(List.of(pages + "", cpu + "", memory + ""));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static boolean ended(Process process, int seconds) throws IOException {
    try {
      if (process.waitFor(seconds, TimeUnit.SECONDS)) {
        return true;
      }
      process.destroyForcibly();
      return false;
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
