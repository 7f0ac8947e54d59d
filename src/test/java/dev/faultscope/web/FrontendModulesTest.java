package dev.faultscope.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FrontendModulesTest {
  private static final Path SOURCES = Path.of("frontend", "src");

  @Test
  void namesEveryModuleInAFolder() throws Exception {
    try (var files = Files.walk(SOURCES, 2)) {
      assertThat(new FrontendModules().paths())
          .containsExactlyInAnyOrderElementsOf(
              files
                  .filter(file -> SOURCES.relativize(file).getNameCount() == 2)
                  .filter(file -> file.toString().endsWith(".js"))
                  .map(file -> "/app/" + SOURCES.relativize(file))
                  .toList());
    }
  }
}
