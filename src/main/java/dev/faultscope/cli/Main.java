package dev.faultscope.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** The command line: {@code serve} where no command is named. */
@Command(
    name = "faultscope",
    mixinStandardHelpOptions = true,
    subcommands = {ProbeCommand.class, GuestCommand.class, AttachCommand.class},
    description = "Shows how guest memory faults are raised, queued, handled and resumed.")
public final class Main implements Runnable {
  private final Server server;
  private final PrintWriter out;

  @Unmatched private final List<String> arguments = new ArrayList<>();

  private Main(Server server, PrintWriter out) {
    this.server = server;
    this.out = out;
  }

  /** {@return the exit code of a command line: 0, 2 for bad usage, 3 for bad input} */
  public static int run(Server server, String... arguments) {
    PrintWriter out = new PrintWriter(System.out, true);
    return new CommandLine(new Main(server, out)).setOut(out).execute(arguments);
  }

  @Override
  public void run() {
    server.serve(out::println, arguments.toArray(String[]::new));
  }
}
