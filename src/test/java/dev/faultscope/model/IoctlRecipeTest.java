package dev.faultscope.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Where an ioctl is named: POISON stands for the next one, which costs no more files than are
 * listed here and in CONTRIBUTING.md.
 */
class IoctlRecipeTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/faultscope");

  private static final Set<String> RECIPE =
      Set.of(
          "model/UffdIoctl.java",
          "model/PageEffect.java",
          "simulation/kernel/PageFill.java",
          "linux/ffi/UffdAbi.java",
          "session/kernelview/KernelFunction.java",
          "session/kernelview/IoctlFrames.java");

  /** The constant, the kernel's number and the kernel's function; not the feature bit. */
  private static final Pattern NAMED =
      Pattern.compile(
          "UffdIoctl\\.POISON\\b|case [A-Z, ]*\\bPOISON\\b|^"
              + " *POISON\\(|(UFFDIO|USERFAULTFD)_POISON\\b",
          Pattern.MULTILINE);

  @Test
  void anIoctlIsNamedInTheFilesOfTheRecipeAlone() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      assertThat(files.filter(file -> file.toString().endsWith(".java")).filter(this::names))
          .map(file -> SOURCES.relativize(file).toString())
          .containsExactlyInAnyOrderElementsOf(RECIPE);
    }
  }

  @Test
  void theBrowserNamesItInItsVocabularyAlone() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("frontend/src"))) {
      List<Path> naming =
          files
              .filter(file -> file.toString().endsWith(".js"))
              .filter(file -> read(file).contains("'POISON'"))
              .toList();
      assertThat(naming).containsExactly(VocabularyModule.FILE);
    }
  }

  @Test
  void theRecipeIsWhatPeopleAreTold() throws IOException {
    String told = Files.readString(Path.of("CONTRIBUTING.md"));

    assertThat(RECIPE)
        .allSatisfy(
            file -> assertThat(told).contains(file.replaceFirst(".*/", "").replace(".java", "")));
  }

  private boolean names(Path file) {
    String code = read(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
    return NAMED.matcher(code).find();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
