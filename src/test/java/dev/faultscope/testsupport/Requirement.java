package dev.faultscope.testsupport;

import dev.faultscope.linux.Tracefs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * Something a test needs that not every machine has.
 *
 * <p>A test that asks for a missing one is skipped with the reason, unless the environment variable
 * {@value #VARIABLE} (a comma-separated list of names) says that it must be there: then the test
 * fails.
 */
@NullMarked
public enum Requirement {
  NODE(whyNoNode()),
  BROWSER(whyNoBrowser()),
  UFFD(whyNoUserfaultfd()),
  KVM(whyNoKvm()),
  TRACEFS(whyNoTracefs());

  static final String VARIABLE = "FAULTSCOPE_REQUIRE";

  private final Optional<String> missing;

  Requirement(Optional<String> missing) {
    this.missing = missing;
  }

  /** Why this machine does not have it; empty where it does. */
  public Optional<String> missing() {
    return missing;
  }

  /** Skips the running test, or fails it, as {@link Requires} would. */
  public void orSkip(String test) {
    RequirementCondition.check(test, this);
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The requirements that must not be skipped.
   *
   * @throws IllegalArgumentException for a name that is none of ours
   */
  static Set<Requirement> demanded(Map<String, String> environment) {
    Set<Requirement> demanded = EnumSet.noneOf(Requirement.class);
    for (String part : environment.getOrDefault(VARIABLE, "").split(",", -1)) {
      String name = part.strip();
      if (!name.isEmpty()) {
        demanded.add(named(name));
      }
    }
    return demanded;
  }

  private static Requirement named(String name) {
    return Arrays.stream(values())
        .filter(requirement -> requirement.id().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s names '%s', which is none of: %s"
                        .formatted(
                            VARIABLE,
                            name,
                            Arrays.stream(values())
                                .map(Requirement::id)
                                .collect(Collectors.joining(", ")))));
  }

  private static Optional<String> whyNoNode() {
    return Programs.find("node").isPresent()
        ? Optional.empty()
        : Optional.of("no 'node' on the PATH");
  }

  private static Optional<String> whyNoBrowser() {
    if (Browser.chromium().isEmpty()) {
      return Optional.of("none of %s on the PATH".formatted(Browser.CHROMIUM_NAMES));
    }
    return Programs.find(Browser.DRIVER_NAME).isPresent()
        ? Optional.empty()
        : Optional.of("no '%s' on the PATH".formatted(Browser.DRIVER_NAME));
  }

  private static Optional<String> whyNoUserfaultfd() {
    Path unprivileged = Path.of("/proc/sys/vm/unprivileged_userfaultfd");
    if (!Files.exists(unprivileged)) {
      return Optional.of("this kernel has no userfaultfd");
    }
    boolean allowed =
        "root".equals(System.getProperty("user.name"))
            || Files.isWritable(Path.of("/dev/userfaultfd"));
    return allowed
        ? Optional.empty()
        : Optional.of("not root, and /dev/userfaultfd is not writable");
  }

  private static Optional<String> whyNoKvm() {
    return Files.isWritable(Path.of("/dev/kvm"))
        ? Optional.empty()
        : Optional.of("/dev/kvm is missing or not writable");
  }

  private static Optional<String> whyNoTracefs() {
    try (Tracefs _ = Tracefs.open()) {
      return Optional.empty();
    } catch (IOException refused) {
      return Optional.of("" + refused.getMessage());
    }
  }
}
