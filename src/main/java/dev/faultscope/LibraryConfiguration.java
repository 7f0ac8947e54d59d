package dev.faultscope;

import dev.faultscope.session.library.Bookmarks;
import dev.faultscope.session.library.Exports;
import dev.faultscope.session.library.Importer;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.stream.SessionFinder;
import dev.faultscope.stream.ViewerLimit;
import dev.faultscope.trace.TraceFormats;
import dev.faultscope.trace.TraceWriters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Puts the library together: where it is, what comes with the program, who opens it. */
@Configuration(proxyBeanMethods = false)
class LibraryConfiguration {
  private static final String SAMPLES = "samples/";

  @Bean
  Importer importer() {
    return new TraceImports(TraceFormats.STANDARD);
  }

  @Bean
  TraceWriters traceWriters() {
    return TraceWriters.STANDARD;
  }

  @Bean
  Exports exports(Library library, TraceWriters writers, FaultscopeProperties properties) {
    return new Exports(library, writers, properties.exports());
  }

  @Bean
  Bookmarks bookmarks(Library library) {
    return new Bookmarks(library);
  }

  @Bean(initMethod = "start")
  Library library(FaultscopeProperties properties, Importer importer) throws IOException {
    return new Library(
        new LibrarySettings(
            dataDir(properties),
            properties.openSessions(),
            properties.idle(),
            properties.imports(),
            properties.waitingImports(),
            properties.uploadLimit().toBytes(),
            samples()),
        importer);
  }

  @Bean
  SessionFinder recordings(Library library) {
    return library::open;
  }

  @Bean
  ViewerLimit viewerLimit(FaultscopeProperties properties) {
    return new ViewerLimit(properties.viewers());
  }

  private static Path dataDir(FaultscopeProperties properties) {
    Path told = properties.dataDir();
    if (told != null) {
      return told.toAbsolutePath();
    }
    String xdg = System.getenv("XDG_DATA_HOME");
    return xdg != null && xdg.startsWith("/")
        ? Path.of(xdg, "faultscope")
        : Path.of(System.getProperty("user.home"), ".local", "share", "faultscope");
  }

  /** The file that lists what comes with the program. */
  private record SampleList(List<ListedSample> samples) {}

  private record ListedSample(String id, String file, String title, String watch) {}

  private static List<LibrarySettings.Sample> samples() throws IOException {
    ClassLoader classes = LibraryConfiguration.class.getClassLoader();
    try (InputStream in = classes.getResourceAsStream(SAMPLES + "samples.json")) {
      if (in == null) {
        return List.of();
      }
      return JsonMapper.builder().build().readValue(in, SampleList.class).samples().stream()
          .map(sample -> sample(classes, sample))
          .toList();
    }
  }

  private static LibrarySettings.Sample sample(ClassLoader classes, ListedSample listed) {
    String sidecar = SAMPLES + listed.file() + ".regions.json";
    return new LibrarySettings.Sample(
        listed.id(),
        listed.title(),
        listed.watch(),
        SAMPLES + listed.file(),
        classes.getResource(sidecar) == null ? "" : sidecar);
  }
}
