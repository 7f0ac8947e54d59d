package dev.faultscope;

import dev.faultscope.web.security.FrameAncestors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a person may set, as {@code faultscope.…} properties or {@code FAULTSCOPE_…} environment
 * variables.
 *
 * @param token fixes the access token instead of a random one with every start; 16 to 256 letters,
 *     digits, {@code -} or {@code _}
 * @param allowedHosts host names to answer to besides localhost, 127.0.0.1 and [::1]
 * @param embedAncestors origins whose pages may frame {@code /embed/…}; without any, none may
 * @param dataDir where recordings are kept; by default {@code $XDG_DATA_HOME/faultscope} or {@code
 *     ~/.local/share/faultscope}
 * @param uploadLimit most bytes of one upload
 * @param openSessions recordings kept open at once, 1 to 256; the longest idle one is closed for a
 *     new one
 * @param viewers browsers watching at once, 1 to 10,000
 * @param idle how long a recording that nobody looks at stays open
 * @param imports imports that run at once, 1 to 16
 * @param waitingImports imports that wait for their turn, 1 to 1,000; one more is refused
 * @param exports recordings that are saved in another form at once, 1 to 64; one more is refused
 */
@ConfigurationProperties("faultscope")
public record FaultscopeProperties(
    @Nullable String token,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue List<String> embedAncestors,
    @Nullable Path dataDir,
    @DefaultValue("2GB") DataSize uploadLimit,
    @DefaultValue("16") int openSessions,
    @DefaultValue("256") int viewers,
    @DefaultValue("10m") Duration idle,
    @DefaultValue("2") int imports,
    @DefaultValue("8") int waitingImports,
    @DefaultValue("4") int exports) {

  public FaultscopeProperties {
    requireRange("faultscope.open-sessions", openSessions, 256);
    requireRange("faultscope.viewers", viewers, 10_000);
    requireRange("faultscope.imports", imports, 16);
    requireRange("faultscope.waiting-imports", waitingImports, 1000);
    requireRange("faultscope.exports", exports, 64);
    // Tells what is wrong with an origin.
    var _ = new FrameAncestors(embedAncestors);
    if (uploadLimit.toBytes() < 1) {
      throw new IllegalArgumentException("faultscope.upload-limit must be at least 1 byte");
    }
    if (!idle.isPositive()) {
      throw new IllegalArgumentException("faultscope.idle must be longer than nothing");
    }
  }

  private static void requireRange(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + " is " + value + ", must be in 1.." + max);
    }
  }
}
