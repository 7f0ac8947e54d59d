package dev.faultscope.cli;

import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.trace.TraceFormats;
import dev.faultscope.trace.TraceImporter;
import dev.faultscope.trace.input.ImportOptions;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.ImportReport;
import dev.faultscope.trace.input.RegionSpec;
import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.input.TraceFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** A file to read and where its guest memory lies. */
final class InputOptions {
  private static final TraceImporter IMPORTER = new TraceImporter(TraceFormats.STANDARD);

  @Option(
      names = "--region",
      paramLabel = "0xBASE+SIZE=NAME[@0xGPA]",
      converter = RegionConverter.class,
      description = {
        "Where guest memory lies; may be repeated.",
        "SIZE is 0x… bytes or a number with K, M or G;",
        "@0xGPA is where the region begins in the guest.",
        "Without it FILE.regions.json is read, or the regions",
        "are concluded from the faults that ioctls answer."
      })
  private List<RegionSpec> regions = new ArrayList<>();

  @Option(
      names = "--host-faults",
      description = {
        "Tell the host's own page faults as well, beside those",
        "of a guest; without a guest and a userfaultfd they",
        "are told anyway."
      })
  private boolean hostFaults;

  /** Tells a region as {@code --region} does. */
  void tell(RegionSpec region) {
    regions.add(region);
  }

  /** Reads a {@code --region} argument. */
  static final class RegionConverter implements ITypeConverter<RegionSpec> {
    @Override
    public RegionSpec convert(String value) {
      try {
        return RegionSpec.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** A file that was opened: its timeline and, where it was imported, the report. */
  record Opened(
      Path path,
      Timeline timeline,
      TraceFormat format,
      @Nullable ImportReport report,
      @Nullable Path temporary)
      implements AutoCloseable {
    /** {@return what of the file was lost and how much is here, one sentence; empty for nothing} */
    String lost() {
      return report == null
          ? timeline
              .recovery()
              .inWords(
                  String.valueOf(path.getFileName()), timeline.lastSequence(), timeline.endNs())
          : report.lost();
    }

    /** Says beside a result what of the file it does not count. */
    void tellWhatIsMissing(Output output) {
      if (!lost().isEmpty()) {
        output.tell(lost());
      }
      if (report != null && report.damagedLines() > 0) {
        output.tell(
            "faultscope: %s: %,d damaged lines were left out; faultscope stats says which"
                .formatted(path.getFileName(), report.damagedLines()));
      }
    }

    @Override
    public void close() throws IOException {
      timeline.close();
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  /** Opens a file: our own recording as it is, any other through an import. */
  Opened open(Path file) throws IOException, TraceException {
    TraceFormat format = IMPORTER.formatOf(file);
    if (format.isRecording()) {
      return new Opened(file, RecordingFile.open(file), format, null, null);
    }
    Path temporary = Files.createTempFile("faultscope-", ".fscope");
    try {
      Imported imported = importTo(file, temporary);
      return new Opened(file, imported.timeline(), format, imported.report(), temporary);
    } catch (IOException | TraceException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** A finished import. */
  record Imported(Timeline timeline, ImportReport report) implements AutoCloseable {
    @Override
    public void close() {
      timeline.close();
    }
  }

  /** Imports a file into a recording of our own form. */
  Imported importTo(Path file, Path recording) throws IOException, TraceException {
    List<RecordingFile> opened = new ArrayList<>(1);
    try {
      ImportReport report =
          IMPORTER.importTrace(
              file,
              new ImportOptions(regions, "", hostFaults),
              info -> {
                RecordingFile target = create(recording, info);
                opened.add(target);
                return target;
              },
              ImportProgress.NONE);
      RecordingFile target = opened.getFirst();
      target.complete();
      return new Imported(target.timeline(), report);
    } catch (TraceException | RuntimeException e) {
      for (RecordingFile target : opened) {
        target.close();
        target.timeline().close();
      }
      throw e;
    }
  }

  private static RecordingFile create(Path recording, TimelineInfo info) {
    try {
      return RecordingFile.create(recording, info);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + recording + ": " + e.getMessage(), e);
    }
  }
}
