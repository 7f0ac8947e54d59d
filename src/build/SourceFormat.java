import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Checks or rewrites the Java sources with google-java-format.
 *
 * <p>Maven starts this file on the JDK it selected, because the formatter reads Java 25 only on a
 * Java 25 runtime. Arguments: {@code check|apply|skip}, a stamp file and the folder of the sources.
 * Files older than the stamp were found formatted before and are not read again.
 */
public final class SourceFormat {

  void main(String[] arguments) throws IOException {
    String mode = arguments[0];
    Path stamp = Path.of(arguments[1]);
    Path sources = Path.of(arguments[2]);
    if (mode.equals("skip")) {
      return;
    }

    FileTime started = FileTime.fromMillis(System.currentTimeMillis());
    List<Path> changed = javaFilesNewerThan(stamp, sources);
    var unformatted = new ConcurrentLinkedQueue<Path>();
    var broken = new ConcurrentLinkedQueue<String>();
    changed.parallelStream()
        .forEach(
            file -> {
              try {
                String before = Files.readString(file);
                String after = new Formatter().formatSourceAndFixImports(before);
                if (!after.equals(before)) {
                  unformatted.add(file);
                  if (mode.equals("apply")) {
                    Files.writeString(file, after);
                  }
                }
              } catch (FormatterException e) {
                broken.add(file + ":" + e.getMessage());
              } catch (IOException e) {
                broken.add(e.toString());
              }
            });

    unformatted.stream()
        .sorted()
        .forEach(
            file ->
                System.err.println(
                    (mode.equals("apply") ? "Formatted " : "Not formatted: ") + file));
    broken.stream().sorted().forEach(line -> System.err.println("Not readable as Java: " + line));
    if (!broken.isEmpty() || (mode.equals("check") && !unformatted.isEmpty())) {
      if (!unformatted.isEmpty()) {
        System.err.println("To format the sources run: ./mvnw -Pformat initialize");
      }
      System.exit(1);
    }
    Files.write(stamp, new byte[0]);
    Files.setLastModifiedTime(stamp, started);
  }

  private static List<Path> javaFilesNewerThan(Path stamp, Path sources) throws IOException {
    FileTime since =
        Files.exists(stamp) ? Files.getLastModifiedTime(stamp) : FileTime.fromMillis(0);
    try (var files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> isNewer(file, since))
          .toList();
    }
  }

  private static boolean isNewer(Path file, FileTime since) {
    try {
      return Files.getLastModifiedTime(file).compareTo(since) >= 0;
    } catch (IOException e) {
      return true;
    }
  }
}
