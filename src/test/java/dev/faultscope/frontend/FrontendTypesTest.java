package dev.faultscope.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Programs;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** Checks the JSDoc types of the front end with the TypeScript compiler out of its webjar. */
@Requires(Requirement.NODE)
class FrontendTypesTest {

  private static final String WEBJAR_POM =
      "META-INF/maven/org.webjars.npm/typescript/pom.properties";
  private static final String WEBJAR_FILES = "META-INF/resources/webjars/typescript/";

  @Test
  void typesAreConsistent() throws Exception {
    Path compiler = unpackCompiler(Path.of("target", "tools", "typescript"));

    Programs.Result result =
        Programs.run(
            Path.of(""),
            Duration.ofMinutes(3),
            Map.of(),
            List.of("node", compiler.toString(), "--noEmit", "-p", "frontend/jsconfig.json"));

    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  /**
   * The compiler and the declarations of the platform; what is already there is not written again.
   */
  private static Path unpackCompiler(Path folder) throws IOException {
    URL marker =
        Objects.requireNonNull(
            FrontendTypesTest.class.getClassLoader().getResource(WEBJAR_POM), WEBJAR_POM);
    JarFile jar = ((JarURLConnection) marker.openConnection()).getJarFile();
    for (JarEntry entry : jar.stream().filter(FrontendTypesTest::isNeeded).toList()) {
      String name = entry.getName().substring(WEBJAR_FILES.length());
      // <version>/lib/tsc.js and <version>/package.json, which says that the files are CommonJS.
      Path file = folder.resolve(name);
      if (!Files.exists(file) || Files.size(file) != entry.getSize()) {
        Files.createDirectories(file.getParent());
        try (var content = jar.getInputStream(entry)) {
          Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    String version =
        jar.stream()
            .map(JarEntry::getName)
            .filter(name -> name.endsWith("/lib/tsc.js"))
            .findFirst()
            .orElseThrow()
            .substring(WEBJAR_FILES.length());
    return folder.resolve(version);
  }

  private static boolean isNeeded(JarEntry entry) {
    String name = entry.getName();
    return name.startsWith(WEBJAR_FILES)
        && (name.matches(".*/lib/lib\\.[^/]*\\.?d\\.ts")
            || name.matches(".*/lib/_?tsc\\.js")
            || name.matches(".*/[^/]+/package\\.json"));
  }
}
