package dev.faultscope.session.kernelview;

import dev.faultscope.model.KernelProfile;
import dev.faultscope.timeline.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * Whose rules a recording follows, and so which functions are on its ways.
 *
 * @param text in a line
 * @param name for a frame
 * @param version what it is of the kernels that differ; null for a machine's own and for one that
 *     the recording does not name
 * @param genericContinue whether CONTINUE goes through vm_ops-&gt;fault() on shmem too
 */
record KernelRules(
    String text, String name, @Nullable KernelVersion version, boolean genericContinue) {
  /** The release whose names of functions are used throughout. */
  private static final String NAMES = "6.18";

  static KernelRules of(Timeline timeline) {
    KernelProfile profile = timeline.kernel();
    if (profile == null) {
      return new KernelRules(
          "Kernel not recorded; functions as in Linux " + NAMES + ", x86-64",
          "Linux " + NAMES + ", assumed",
          null,
          false);
    }
    if (timeline.info().isSimulated()) {
      return simulated(profile);
    }
    String release = "Linux " + profile.text();
    return profile.version().startsWith(NAMES)
        ? new KernelRules(release + ", x86-64", release, null, false)
        : new KernelRules(
            release + "; functions as in Linux " + NAMES + ", x86-64",
            release + ", named as in " + NAMES,
            null,
            false);
  }

  private static KernelRules simulated(KernelProfile profile) {
    KernelVersion version = versionOf(profile);
    String base = "Linux " + profile.version();
    String text = "Simulated Linux " + profile.text();
    boolean generic = profile.settings().containsKey("generic-continue");
    return version == null || !version.isOfGuestMemfd()
        ? new KernelRules(text + ", x86-64", base, version, generic)
        : new KernelRules(
            text + ": " + version.text() + ", x86-64",
            base + " + " + version.label(),
            version,
            generic);
  }

  private static @Nullable KernelVersion versionOf(KernelProfile profile) {
    return switch (profile.settings().getOrDefault("guest-memfd", "")) {
      case "hybrid" -> KernelVersion.V1;
      case "full-minor" -> KernelVersion.V2;
      case "shmem-like" -> KernelVersion.SERIES_2026;
      default -> {
        if (profile.settings().containsKey("generic-continue")) {
          yield KernelVersion.V2;
        }
        yield profile.settings().containsKey("direct-map") ? null : KernelVersion.MAINLINE;
      }
    };
  }

  boolean is(KernelVersion other) {
    return version == other;
  }

  /** {@return the kernel that a function is of on these ways} */
  String kernelOf(KernelFunction function) {
    KernelVersion series = function.series();
    if (series == null
        || (series.isOfGuestMemfd() && version != null && version.isOfGuestMemfd())) {
      return name;
    }
    return name + " + " + series.label();
  }
}
