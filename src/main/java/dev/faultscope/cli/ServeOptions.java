package dev.faultscope.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What {@code serve} understands; anything of the form {@code --name=value} is Spring Boot's. */
final class ServeOptions {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on, on this machine only (default: 8080; 0 takes a free one).")
  private @Nullable Integer port;

  void serve(Server server, CommandLine commandLine, List<String> others) {
    List<String> arguments = new ArrayList<>();
    for (String other : others) {
      if (!other.startsWith("--")) {
        throw new ParameterException(
            commandLine,
            "'"
                + other
                + "' is neither a command nor an option; `faultscope --help` lists the commands");
      }
      arguments.add(other);
    }
    if (port != null) {
      if (port < 0 || port > 65_535) {
        throw new ParameterException(commandLine, "--port " + port + " is not in 0..65535");
      }
      arguments.add("--server.port=" + port);
    }
    server.serve(commandLine.getOut()::println, arguments.toArray(String[]::new));
  }
}
