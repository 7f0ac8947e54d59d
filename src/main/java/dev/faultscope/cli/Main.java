package dev.faultscope.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** The command line: {@code serve} where no command is named. */
@Command(
    name = "faultscope",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Shows how guest memory faults are raised, queued, handled and resumed.",
    subcommands = {
      StatsCommand.class,
      LanesCommand.class,
      FaultsCommand.class,
      HeatmapCommand.class,
      TouchesCommand.class,
      PagesCommand.class,
      WhyCommand.class,
      BookmarksCommand.class,
      ConvertCommand.class,
      BenchCommand.class,
      ProbeCommand.class,
      RunCommand.class,
      CompareCommand.class,
      DiffCommand.class,
      ConformCommand.class,
      GuestCommand.class,
      AttachCommand.class,
      WatchCommand.class,
      RescueCommand.class,
      HelpCommand.class
    },
    footer = "Without a command the web page is served, as by `faultscope serve`.")
public final class Main implements Runnable {
  private final Server server;

  @Mixin private ServeOptions options = new ServeOptions();

  // Picocli does not look for it in a mixin.
  @Unmatched private List<String> others = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main(Server server) {
    this.server = server;
  }

  /**
   * {@return the exit code of a command line: 0, 1 where the server cannot start, 2 for bad usage,
   * 3 for bad input}
   */
  public static int run(Server server, String... arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    return run(server, out, err, arguments);
  }

  /** {@return the exit code of a command line whose output goes elsewhere} */
  public static int run(Server server, PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine commands = new CommandLine(new Main(server));
    // Only the server takes arguments of others; picocli hands that on to every subcommand.
    commands.getSubcommands().values().forEach(sub -> sub.setUnmatchedArgumentsAllowed(false));
    commands.addSubcommand("serve", new ServeCommand(server));
    return commands
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Problems::usage)
        .setExecutionExceptionHandler(Problems::execution)
        .execute(arguments);
  }

  @Override
  public void run() {
    options.serve(server, spec.commandLine(), others);
  }
}
