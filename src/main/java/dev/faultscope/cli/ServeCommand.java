package dev.faultscope.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Serves the web page. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Serves the web page on this machine and prints the link to open.")
final class ServeCommand implements Runnable {
  private final Server server;

  @Mixin private ServeOptions options = new ServeOptions();

  // Picocli does not look for it in a mixin.
  @Unmatched private List<String> others = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  ServeCommand(Server server) {
    this.server = server;
  }

  @Override
  public void run() {
    options.serve(server, spec.commandLine(), others);
  }
}
