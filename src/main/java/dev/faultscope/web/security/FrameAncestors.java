package dev.faultscope.web.security;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose pages may frame the pages made to be framed, below {@code /embed/}. Nobody's, unless they
 * are named; and no other page of this program is ever framed.
 */
public final class FrameAncestors {
  private static final String EMBED = "/embed/";
  private static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

  private final List<String> origins;

  /**
   * Allows these.
   *
   * @param origins scheme, host and, where it is not the scheme's own, port: {@code
   *     http://localhost:3000}
   * @throws IllegalArgumentException if one is no origin
   */
  public FrameAncestors(Collection<String> origins) {
    this.origins =
        origins.stream().map(each -> each.strip().toLowerCase(Locale.ROOT)).distinct().toList();
    for (String origin : this.origins) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw new IllegalArgumentException(
            "faultscope.embed-ancestors: \""
                + origin
                + "\" is no origin; write scheme, host and port, as in http://localhost:3000");
      }
    }
  }

  /** {@return whether the page of this path may be framed by anybody} */
  boolean mayFrame(@Nullable String path) {
    return path != null
        && !origins.isEmpty()
        && path.startsWith(EMBED)
        && path.indexOf('/', EMBED.length()) < 0
        && !path.contains(";")
        && !path.contains("%");
  }

  /** {@return the sources of {@code frame-ancestors} for this path} */
  String sources(@Nullable String path) {
    return mayFrame(path) ? String.join(" ", origins) : "'none'";
  }
}
