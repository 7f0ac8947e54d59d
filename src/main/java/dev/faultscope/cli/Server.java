package dev.faultscope.cli;

import java.util.function.Consumer;

/** Starts the web server: the one thing a command needs and cannot do itself. */
@FunctionalInterface
public interface Server {
  /**
   * Starts it and returns once it answers.
   *
   * @param say told one sentence with the link to open
   * @param arguments Spring Boot's, such as {@code --server.port=8081}
   * @throws ServerStartException if it cannot be started as things are
   */
  void serve(Consumer<String> say, String... arguments);
}
