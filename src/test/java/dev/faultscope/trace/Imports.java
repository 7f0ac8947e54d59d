package dev.faultscope.trace;

import dev.faultscope.model.Event;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.input.ImportOptions;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.ImportReport;
import dev.faultscope.trace.input.RegionSpec;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Imports into recordings of a temporary directory. */
public final class Imports {
  private Imports() {}

  /** A finished import. */
  public record Result(ImportReport report, Timeline timeline) implements AutoCloseable {
    /** {@return all events} */
    public List<Event> events() {
      List<Event> events = new ArrayList<>();
      for (long sequence = 1; sequence <= timeline.lastSequence(); sequence++) {
        events.add(timeline.event(sequence));
      }
      return events;
    }

    @Override
    public void close() {
      timeline.close();
    }
  }

  /** Imports a file. */
  public static Result file(Path source, Path directory, List<RegionSpec> regions)
      throws IOException, TraceException {
    return file(TraceFormats.STANDARD, source, directory, regions);
  }

  /** Imports a file of the formats of a registry. */
  public static Result file(
      TraceFormats formats, Path source, Path directory, List<RegionSpec> regions)
      throws IOException, TraceException {
    Path recording = Files.createTempFile(directory, "import-", ".fscope");
    List<RecordingFile> opened = new ArrayList<>();
    try {
      ImportReport report =
          new TraceImporter(formats)
              .importTrace(
                  source,
                  new ImportOptions(regions, "", false),
                  info -> {
                    try {
                      RecordingFile file = RecordingFile.create(recording, info);
                      opened.add(file);
                      return file;
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  },
                  ImportProgress.NONE);
      opened.getFirst().complete();
      return new Result(report, opened.getFirst().timeline());
    } catch (TraceException | RuntimeException e) {
      for (RecordingFile file : opened) {
        file.close();
        file.timeline().close();
      }
      throw e;
    }
  }

  /** Imports a text whose guest memory is told by {@code --region} arguments. */
  public static Result text(String text, Path directory, String... regions)
      throws IOException, TraceException {
    Path source = Files.createTempFile(directory, "trace-", ".txt");
    Files.writeString(source, text);
    List<RegionSpec> specs = new ArrayList<>();
    for (String region : regions) {
      specs.add(RegionSpec.parse(region));
    }
    return file(source, directory, specs);
  }
}
