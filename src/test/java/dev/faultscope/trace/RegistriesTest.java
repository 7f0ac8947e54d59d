package dev.faultscope.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Event;
import dev.faultscope.trace.input.DamagedLine;
import dev.faultscope.trace.input.TraceFormat;
import dev.faultscope.trace.ndjson.NdjsonWriter;
import dev.faultscope.trace.output.TraceWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What CONTRIBUTING.md promises: a format or an export is one class and one line of a list. */
class RegistriesTest {
  @TempDir private Path directory;

  @Test
  void aFormatOfOnesOwnIsKnownByItsContentReadAndNamedAmongThoseSupported() throws Exception {
    TraceFormats formats =
        new TraceFormats(
            Stream.<TraceFormat>concat(
                    TraceFormats.STANDARD.all().stream(), Stream.of(new ExampleFormat()))
                .toList());
    Path source = Files.writeString(directory.resolve("a.txt"), "touched pages\n3\nx\n5\n");

    try (Imports.Result result = Imports.file(formats, source, directory, List.of())) {
      assertThat(result.report().format().source()).isEqualTo("example");
      assertThat(result.timeline().info().source()).isEqualTo("example");
      assertThat(result.timeline().info().title()).isEqualTo("a.txt");
      assertThat(result.events()).extracting(Event::firstPage).containsExactly(3, 5);
      assertThat(result.report().damaged()).extracting(DamagedLine::number).containsExactly(3L);
    }
    Path other = Files.writeString(directory.resolve("b.txt"), "hello\n");
    assertThatThrownBy(() -> Imports.file(formats, other, directory, List.of()))
        .hasMessageContaining("a list of touched pages");
  }

  @Test
  void anExportOfOnesOwnIsFoundByItsNameAndByAFilesEnding() throws Exception {
    TraceWriters writers =
        new TraceWriters(
            Stream.<TraceWriter>concat(
                    TraceWriters.STANDARD.all().stream(), Stream.of(new ExampleWriter()))
                .toList());

    assertThat(writers.named("csv")).containsSame(writers.all().getLast());
    assertThat(writers.forFile("/x/Y.CSV")).containsSame(writers.all().getLast());
    assertThat(writers.forFile("/x/csv")).isEmpty();
    Path sample = Path.of("sample-traces", "v_c_uprobe.trace.txt");
    try (Imports.Result result = Imports.file(sample, directory, List.of())) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      writers.named("csv").orElseThrow().write(result.timeline(), List.of(), out);
      Event first = result.events().getFirst();
      assertThat(out.toString(StandardCharsets.US_ASCII).lines())
          .hasSize((int) result.timeline().lastSequence())
          .first()
          .isEqualTo("1," + first.timeNs() + "," + first.kind());
    }
  }

  @Test
  void twoExportsOfOneNameAreRefused() {
    assertThatThrownBy(() -> new TraceWriters(List.of(new NdjsonWriter(), new NdjsonWriter())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
