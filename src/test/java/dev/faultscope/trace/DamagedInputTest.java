package dev.faultscope.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.EventKind;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.trace.input.DamagedLine;
import dev.faultscope.trace.input.ImportCancelledException;
import dev.faultscope.trace.input.ImportOptions;
import dev.faultscope.trace.input.ImportProgress;
import dev.faultscope.trace.input.TraceException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedInputTest {
  private static final String RAM = "0x7f0000000000+64K=ram";
  private static final String FAULT =
      "  a-1 [000] d.... 1.000001: page_fault_user: address=0x7f0000001000 ip=0x5 error_code=0x4";

  @TempDir private Path directory;

  @Test
  void everyDamagedLineIsReportedWithItsNumberAndTheRestIsRead() throws Exception {
    String text =
        String.join(
            "\n",
            "# tracer: nop",
            FAULT,
            "this is no event",
            "  a-1 [000] d.... 1.000002: page_fault_user: ip=0x5 error_code=0x4",
            "  a-1 [000] d.... 1.000003: page_fault_user: address=0xzz ip=0x5 error_code=0x4",
            "  a-1 [000] d.... 1.0000",
            "  a\u0000b-1 [000] d.... 1.000004: kvm_entry: vcpu 0",
            "  a-1 [000] d.... 1.000005: sched_wakeup: comm=x pid=1",
            "  a-1 [000] d.... 1.000005: sched_wakeup: comm=x pid=1",
            "CPU:0 [LOST 123 EVENTS]",
            "x".repeat(70_000),
            FAULT.replace("0x7f0000001000", "0x7f0000002000"));
    try (Imports.Result result = Imports.text(text, directory, RAM)) {
      assertThat(result.report().damaged())
          .extracting(DamagedLine::number)
          .containsExactly(3L, 4L, 5L, 6L, 7L, 11L);
      assertThat(result.report().damagedLines()).isEqualTo(6);
      assertThat(result.report().unknownLines())
          .containsOnly(java.util.Map.entry("sched_wakeup", 2L));
      assertThat(result.report().lostEvents()).isEqualTo(123);
      assertThat(result.report().lines()).isEqualTo(12);
      assertThat(result.events()).filteredOn(event -> event.kind() == EventKind.TOUCH).hasSize(2);
      assertThat(result.timeline().notes())
          .anyMatch(note -> note.startsWith("line 4 is damaged"))
          .anyMatch(note -> note.contains("sched_wakeup"))
          .anyMatch(note -> note.contains("lost 123 events"));
    }
  }

  @Test
  void bytesThatAreNotUtf8AreDamageAndUmlautsAreNot() throws Exception {
    Path file = directory.resolve("t.txt");
    byte[] good =
        "  tür-1 [000] d.... 1.000001: kvm_entry: vcpu 0\n".getBytes(StandardCharsets.UTF_8);
    byte[] bad = good.clone();
    bad[3] = (byte) 0xff;
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(good);
      out.write(bad);
    }
    try (Imports.Result result = Imports.file(file, directory, List.of())) {
      assertThat(result.report().damaged()).containsExactly(new DamagedLine(2, "is not UTF-8"));
      assertThat(result.timeline().actors().getFirst().name()).isEqualTo("tür");
    }
  }

  @Test
  void lineEndsOfAnotherSystemAndAMissingLastOneDoNotMatter() throws Exception {
    String text = FAULT + "\n" + FAULT.replace("1000 ", "3000 ") + "\n";
    long expected;
    try (Imports.Result result = Imports.text(text, directory, RAM)) {
      expected = result.timeline().lastSequence();
    }
    for (String variant :
        List.of(text.replace("\n", "\r\n"), text.stripTrailing(), "\n\n" + text)) {
      try (Imports.Result result = Imports.text(variant, directory, RAM)) {
        assertThat(result.timeline().lastSequence()).isEqualTo(expected);
        assertThat(result.report().damagedLines()).isZero();
      }
    }
  }

  @Test
  void gzipIsReadAsWhatItHolds() throws Exception {
    Path file = directory.resolve("t.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write((FAULT + "\n").getBytes(StandardCharsets.UTF_8));
    }
    try (Imports.Result result = Imports.file(file, directory, List.of())) {
      assertThat(result.report().format().source()).isEqualTo("ftrace");
      assertThat(result.report().lines()).isEqualTo(1);
    }
  }

  @Test
  void cutGzipIsRefusedInOneSentence() throws Exception {
    Path whole = directory.resolve("t.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
      for (int i = 0; i < 100_000; i++) {
        out.write((FAULT + i + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(directory.resolve("cut.gz"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> Imports.file(cut, directory, List.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("cut.gz");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v_a.trace-cmd.txt", "v_c_ps.perf-script.txt", "v_d_kernel73.trace.txt"})
  void aFileCutAnywhereGivesItsBeginning(String name) throws Exception {
    byte[] whole = Files.readAllBytes(Path.of("sample-traces", name));
    Seeds.forEach(
        12,
        seed -> {
          int length = 2000 + new Random(seed).nextInt(whole.length - 2000);
          Path cut = Files.write(directory.resolve("cut.txt"), Arrays.copyOf(whole, length));
          try (Imports.Result result = Imports.file(cut, directory, List.of())) {
            assertThat(result.report().damagedLines()).isLessThanOrEqualTo(1);
            long lines = 0;
            for (int i = 0; i < length; i++) {
              lines += whole[i] == '\n' ? 1 : 0;
            }
            assertThat(result.report().lines()).isBetween(lines, lines + 1);
          }
        });
  }

  @Test
  void anyBytesAreReadOrRefusedAndNeverHang() throws Exception {
    byte[] whole = Files.readAllBytes(Path.of("sample-traces", "v_d_kernel73.trace.txt"));
    Seeds.forEach(
        20,
        seed -> {
          Random random = new Random(seed);
          byte[] damaged = Arrays.copyOf(whole, 60_000);
          for (int i = 0; i < 400; i++) {
            damaged[1000 + random.nextInt(59_000)] = (byte) random.nextInt(256);
          }
          Path file = Files.write(directory.resolve("damaged.txt"), damaged);
          try (Imports.Result result = Imports.file(file, directory, List.of())) {
            Statistics statistics = Statistics.of(result.timeline());
            assertThat(result.report().damagedLines()).isPositive();
            assertThat(statistics.events()).isPositive();
          }
        });
  }

  @Test
  void progressGrowsToTheTotalAndCancellingStops() throws Exception {
    Path file = directory.resolve("big.txt");
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] line = (FAULT + "\n").getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 100_000; i++) {
        out.write(line);
      }
    }
    long[] seen = {0, 0};
    ImportProgress stops =
        new ImportProgress() {
          @Override
          public void advanced(long done, long total) {
            assertThat(done).isBetween(seen[0], total);
            seen[0] = done;
            seen[1] = total;
          }

          @Override
          public boolean cancelled() {
            return seen[0] > 0;
          }
        };
    assertThatThrownBy(
            () ->
                new TraceImporter(TraceFormats.STANDARD)
                    .importTrace(
                        file,
                        ImportOptions.NONE,
                        info -> {
                          throw new AssertionError("cancelled before the second pass");
                        },
                        stops))
        .isInstanceOf(ImportCancelledException.class);
    assertThat(seen[1]).isEqualTo(2 * Files.size(file));
  }

  @Test
  void fileWithoutEventsIsRefused() {
    assertThatThrownBy(() -> Imports.text("# tracer: nop\n#\n", directory))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("no line that can be read");
  }

  @Test
  void missingFileAndDirectoryAreRefusedInOneSentence() {
    assertThatThrownBy(() -> Imports.file(directory.resolve("none"), directory, List.of()))
        .isInstanceOf(TraceException.class)
        .hasMessage("cannot read none: no such file");
    assertThatThrownBy(() -> Imports.file(directory, directory, List.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("is a directory");
  }
}
