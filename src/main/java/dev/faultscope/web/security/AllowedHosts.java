package dev.faultscope.web.security;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names this program answers to. A page of a foreign name that was made to resolve to this
 * machine (DNS rebinding) sends that name and is refused.
 */
public final class AllowedHosts {
  private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

  /**
   * Allows the names of this machine's loopback and some more.
   *
   * @param more host names without port; an IPv6 address in brackets
   */
  public AllowedHosts(Collection<String> more) {
    for (String name : more) {
      if (!name.isBlank()) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
  }

  /** {@return whether a {@code Host} header names this program, with any port} */
  boolean allows(@Nullable String header) {
    if (header == null) {
      return false;
    }
    String host = header.toLowerCase(Locale.ROOT);
    int portAt = host.lastIndexOf(':');
    if (portAt > host.lastIndexOf(']')) {
      if (!isPort(host.substring(portAt + 1))) {
        return false;
      }
      host = host.substring(0, portAt);
    }
    return names.contains(host);
  }

  private static boolean isPort(String text) {
    return !text.isEmpty()
        && text.length() <= 5
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
