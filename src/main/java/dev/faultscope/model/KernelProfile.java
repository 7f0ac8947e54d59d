package dev.faultscope.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whose rules a recording follows: a kernel's version and what it was built or set to do.
 *
 * @param version as {@code uname -r} or a scenario says it, e.g. {@code 6.18} or {@code
 *     7.3.4-amd64}
 * @param settings what differs from the plain version, by name, e.g. {@code guest-memfd} and {@code
 *     full-minor}; at most {@value #MAX_SETTINGS}
 */
public record KernelProfile(String version, Map<String, String> settings) {
  /** Most settings. */
  public static final int MAX_SETTINGS = 64;

  public KernelProfile {
    if (settings.size() > MAX_SETTINGS) {
      throw new IllegalArgumentException(
          settings.size() + " settings of a kernel, at most " + MAX_SETTINGS + " are possible");
    }
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  /** {@return it in one line} */
  public String text() {
    StringBuilder text = new StringBuilder(version);
    settings.forEach((name, value) -> text.append(", ").append(name).append(' ').append(value));
    return text.toString();
  }
}
