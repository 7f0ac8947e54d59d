package dev.faultscope.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A process of its own with registered memory, told by {@code peers/hostage.py} what to touch and
 * what to answer.
 */
public final class Hostage implements AutoCloseable {
  private final Process process;
  private final BufferedReader said;
  private final Writer commands;
  private final int fd;
  private final long base;

  /** Starts one; arguments as the script says. */
  public Hostage(String... arguments) throws Exception {
    Path python = Programs.find("python3").orElse(null);
    Assumptions.assumeTrue(python != null, "no python3 on the PATH");
    Path script =
        Path.of(Objects.requireNonNull(Hostage.class.getResource("/peers/hostage.py")).toURI());
    List<String> command = new ArrayList<>(List.of("" + python, "" + script));
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    said = process.inputReader(StandardCharsets.UTF_8);
    commands = process.outputWriter(StandardCharsets.UTF_8);
    String[] ready = expect("ready").split(" ", -1);
    fd = Integer.parseInt(ready[1]);
    base = Long.parseLong(ready[2]);
  }

  /** {@return the script's own process; a wrapper may stand between} */
  public int pid() {
    return (int) process.pid();
  }

  /** {@return the number of its userfaultfd} */
  public int fd() {
    return fd;
  }

  /** {@return where its memory begins} */
  public long base() {
    return base;
  }

  /** Gives a command. */
  public void tell(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
  }

  /** {@return the next line, which should begin so} */
  public String expect(String beginning) throws IOException {
    String line = said.readLine();
    assertThat(line).isNotNull().startsWith(beginning);
    return line;
  }

  /** Kills it. */
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }
}
