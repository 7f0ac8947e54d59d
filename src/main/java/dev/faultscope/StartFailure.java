package dev.faultscope;

import dev.faultscope.cli.ServerStartException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;

/**
 * Says in one sentence why the server could not start, where a person can do something about it.
 */
final class StartFailure {
  private StartFailure() {}

  /** {@return what to tell; the failure itself where nobody foresaw it} */
  static RuntimeException explained(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String sentence = sentence(cause);
      if (sentence != null) {
        return new ServerStartException(sentence, failure);
      }
    }
    return failure;
  }

  private static @Nullable String sentence(Throwable cause) {
    return switch (cause) {
      case PortInUseException taken ->
          "port %d is taken: end what listens there, or choose another with --port (0 takes a free one)"
              .formatted(taken.getPort());
      case java.net.BindException refused ->
          "cannot listen there: %s; choose an address of this machine with --server.address and a port with --port"
              .formatted(refused.getMessage());
      case BindException setting ->
          "%s cannot be set so: %s".formatted(setting.getName(), innermost(setting).getMessage());
      // The library's: its message names the setting.
      case UncheckedIOException unusable -> unusable.getMessage();
      default -> null;
    };
  }

  private static Throwable innermost(Throwable cause) {
    Throwable inner = cause;
    for (Throwable next = inner.getCause(); next != null; next = inner.getCause()) {
      inner = next;
    }
    return inner;
  }
}
