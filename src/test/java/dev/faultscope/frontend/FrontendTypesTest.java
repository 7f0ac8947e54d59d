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
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks the JSDoc types of the front end with the TypeScript compiler out of its webjar. */
@Requires(Requirement.NODE)
class FrontendTypesTest {

  private static final String WEBJAR_FILES = "META-INF/resources/webjars/typescript/";

  /** Where jsconfig.json looks for the declarations of the libraries of the import map. */
  private static final Pattern DECLARED =
      Pattern.compile("\"\\.\\./target/tools/webjars/([^/\"]+)/");

  @Test
  void typesAreConsistent() throws Exception {
    Path compiler = unpackCompiler(Path.of("target", "tools", "typescript"));
    unpackDeclarations(Path.of("target", "tools", "webjars"));

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
    JarFile jar = webjar("typescript");
    for (JarEntry entry : jar.stream().filter(FrontendTypesTest::isNeeded).toList()) {
      String name = entry.getName().substring(WEBJAR_FILES.length());
      // <version>/lib/tsc.js and <version>/package.json, which says that the files are CommonJS.
      unpack(jar, entry, folder.resolve(name));
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

  private static void unpackDeclarations(Path folder) throws IOException {
    String config = Files.readString(Path.of("frontend", "jsconfig.json"));
    for (String name : DECLARED.matcher(config).results().map(each -> each.group(1)).toList()) {
      JarFile jar = webjar(name);
      String files = "META-INF/resources/webjars/" + name + "/";
      for (JarEntry entry :
          jar.stream().filter(each -> each.getName().endsWith(".d.ts")).toList()) {
        String versioned = entry.getName().substring(files.length());
        String file = versioned.substring(versioned.indexOf('/') + 1);
        unpack(jar, entry, folder.resolve(name).resolve(file));
      }
    }
  }

  private static JarFile webjar(String name) throws IOException {
    String pom = "META-INF/maven/org.webjars.npm/" + name + "/pom.properties";
    URL marker =
        Objects.requireNonNull(FrontendTypesTest.class.getClassLoader().getResource(pom), pom);
    return ((JarURLConnection) marker.openConnection()).getJarFile();
  }

  private static void unpack(JarFile jar, JarEntry entry, Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) != entry.getSize()) {
      Files.createDirectories(file.getParent());
      try (var content = jar.getInputStream(entry)) {
        Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static boolean isNeeded(JarEntry entry) {
    String name = entry.getName();
    return name.startsWith(WEBJAR_FILES)
        && (name.matches(".*/lib/lib\\.[^/]*\\.?d\\.ts")
            || name.matches(".*/lib/_?tsc\\.js")
            || name.matches(".*/[^/]+/package\\.json"));
  }
}
