package dev.faultscope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A container is built from what the Dockerfile copies; whatever the build reads must be there. */
class ContainerBuildTest {
  private static final Pattern RESOURCES =
      Pattern.compile("<resource>.*?<directory>([^/<]+).*?</resource>", Pattern.DOTALL);

  @Test
  void everyFolderThatTheBuildReadsIsCopiedIntoTheImage() throws IOException {
    List<String> copied =
        Files.readAllLines(Path.of("Dockerfile")).stream()
            .filter(line -> line.startsWith("COPY ") && !line.contains("--from"))
            .map(line -> line.split(" ")[1])
            .toList();
    List<String> sent =
        Files.readAllLines(Path.of(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1).split("/")[0])
            .toList();

    List<String> read =
        RESOURCES
            .matcher(Files.readString(Path.of("pom.xml")))
            .results()
            .map(found -> found.group(1))
            .distinct()
            .toList();

    assertThat(read).contains("src", "frontend", "sample-traces", "sample-scenarios");
    assertThat(copied).containsAll(read);
    assertThat(sent).containsAll(read);
  }
}
