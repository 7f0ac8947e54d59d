package dev.faultscope.session.library;

import dev.faultscope.trace.TraceFormats;
import dev.faultscope.trace.TraceImporter;
import dev.faultscope.trace.input.ImportCancelledException;
import dev.faultscope.trace.input.ImportOptions;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.RegionSpec;
import dev.faultscope.trace.input.TraceException;
import java.nio.file.Path;
import java.util.List;

/** Imports with the readers of {@code trace}. */
public final class TraceImports implements Importer {
  private final TraceImporter importer;

  /** Reads the formats of a registry. */
  public TraceImports(TraceFormats formats) {
    importer = new TraceImporter(formats);
  }

  @Override
  public void check(Path source, List<String> regions) throws ImportFailedException {
    try {
      specs(regions);
      importer.formatOf(source);
    } catch (TraceException e) {
      throw failed(source, e);
    }
  }

  @Override
  public String run(
      Path source, String title, List<String> regions, Target target, Listener listener)
      throws ImportFailedException {
    try {
      return importer
          .importTrace(
              source,
              new ImportOptions(specs(regions), title, false),
              target::begin,
              new Meter(listener))
          .lost();
    } catch (ImportCancelledException _) {
      // Who cancelled knows.
      return "";
    } catch (TraceException e) {
      throw failed(source, e);
    }
  }

  private static List<RegionSpec> specs(List<String> regions) throws ImportFailedException {
    try {
      return regions.stream().map(RegionSpec::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new ImportFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A person knows nothing of the names that files have on the store. */
  private static ImportFailedException failed(Path source, TraceException e) {
    String message = String.valueOf(e.getMessage());
    String name = String.valueOf(source.getFileName());
    return new ImportFailedException(message.replace(name, "the file"), e);
  }

  private record Meter(Listener listener) implements ImportProgress {
    @Override
    public void advanced(long done, long total) {
      listener.advanced(done, total);
    }

    @Override
    public boolean cancelled() {
      return listener.cancelled();
    }
  }
}
