package dev.faultscope.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The arrows of the front end: main to views and stream, those to model, model to base. */
class FrontendArchitectureTest {

  private static final Path SOURCES = Path.of("frontend", "src");

  /** Which folders a folder may import from, beside itself; files at the top may import all. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.of(
          "base", Set.of(),
          "model", Set.of("base"),
          "stream", Set.of("model", "base"),
          "views", Set.of("model", "base", "d3.js", "codemirror.js"));

  private static final Pattern IMPORT =
      Pattern.compile("(?:\\bfrom\\s*|\\bimport\\s*\\(?\\s*)['\"]([^'\"]+)['\"]");
  private static final Pattern FOREIGN_ADDRESS =
      Pattern.compile(
          "(?:\\bsrc|\\bhref|\\baction)\\s*=\\s*[\"'](?:https?:)?//|url\\(\\s*[\"']?(?:https?:)?//"
              + "|@import\\s+[\"'](?:https?:)?//|(?:\\bfetch|\\bimport)\\(\\s*[\"'`](?:https?:)?//"
              + "|\\bfrom\\s*[\"'](?:https?:)?//");

  @Test
  void importsFollowTheArrows() throws IOException {
    List<String> violations = new ArrayList<>();
    for (Path file : files(SOURCES, ".js")) {
      for (String target : imports(file)) {
        check(file, target, violations);
      }
    }
    assertThat(violations)
        .as(
            "main -> views, stream -> model -> base: move what both need down, or pass it in from"
                + " main.js")
        .isEmpty();
  }

  @Test
  void onlyTheShimReadsTheGlobalD3() throws IOException {
    assertThat(files(SOURCES, ".js"))
        .filteredOn(file -> !file.equals(SOURCES.resolve("d3.js")))
        .filteredOn(file -> read(file).contains("globalThis.d3"))
        .as("import what you need from frontend/src/d3.js instead")
        .isEmpty();
  }

  @Test
  void nothingIsLoadedFromAnotherMachine() throws IOException {
    List<Path> served = new ArrayList<>(files(SOURCES, ""));
    served.addAll(files(Path.of("src", "main", "resources"), ".html"));
    assertThat(served)
        .filteredOn(file -> FOREIGN_ADDRESS.matcher(read(file)).find())
        .as(
            "no request leaves the machine: put the file into frontend/src or take it from a"
                + " webjar")
        .isEmpty();
  }

  private static void check(Path file, String target, List<String> violations) {
    if (file.equals(SOURCES.resolve("codemirror.js"))) {
      if (!importMap().contains("\"" + target + "\":")) {
        violations.add(
            "%s imports '%s', which the import map does not have".formatted(file, target));
      }
      return;
    }
    if (!target.startsWith("./") && !target.startsWith("../")) {
      violations.add("%s imports '%s': only relative paths, ending in .js".formatted(file, target));
      return;
    }
    Path resolved = file.resolveSibling(target).normalize();
    if (!Files.isRegularFile(resolved)) {
      violations.add("%s imports '%s', which is no file".formatted(file, target));
      return;
    }
    String from = layer(file);
    String to = layer(resolved);
    if (MAY_IMPORT.containsKey(from)
        && !from.equals(to)
        && !MAY_IMPORT.getOrDefault(from, Set.of()).contains(to)) {
      violations.add("%s imports '%s': %s may not use %s".formatted(file, target, from, to));
    }
  }

  private static String importMap() {
    return read(Path.of("src", "main", "resources", "templates", "fragments", "layout.html"));
  }

  private static List<String> imports(Path file) {
    String code = read(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)^\\s*//.*$", "");
    return IMPORT.matcher(code).results().map(match -> match.group(1)).toList();
  }

  private static String layer(Path file) {
    return SOURCES.relativize(file).getName(0).toString();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(suffix))
          .filter(file -> file.toString().matches(".*\\.(js|css|html|svg)"))
          .sorted()
          .toList();
    }
  }
}
