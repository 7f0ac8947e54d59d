package dev.faultscope.trace;

import dev.faultscope.trace.fscope.FscopeWriter;
import dev.faultscope.trace.ndjson.NdjsonWriter;
import dev.faultscope.trace.output.TraceWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The forms that a recording can be saved in. */
public final class TraceWriters {
  /** Every form of this program; a new one is one more line. */
  public static final TraceWriters STANDARD =
      new TraceWriters(List.of(new FscopeWriter(), new NdjsonWriter()));

  private final List<TraceWriter> writers;

  /**
   * Some forms.
   *
   * @param writers in the order that menus show
   * @throws IllegalArgumentException if two have one name
   */
  public TraceWriters(List<TraceWriter> writers) {
    this.writers = List.copyOf(writers);
    if (writers.stream().map(TraceWriter::name).distinct().count() < writers.size()) {
      throw new IllegalArgumentException("two forms have the same name");
    }
  }

  /** {@return all of them} */
  public List<TraceWriter> all() {
    return writers;
  }

  /** {@return the form of a name} */
  public Optional<TraceWriter> named(String name) {
    return writers.stream().filter(writer -> writer.name().equals(name)).findFirst();
  }

  /** {@return the form that a file's name asks for by its ending} */
  public Optional<TraceWriter> forFile(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    return writers.stream().filter(writer -> lower.endsWith("." + writer.name())).findFirst();
  }
}
