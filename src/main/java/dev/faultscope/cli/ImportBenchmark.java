package dev.faultscope.cli;

import dev.faultscope.trace.input.RegionSpec;
import dev.faultscope.trace.input.TraceException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Imports one large file of raw ftrace text several times, beside {@code wc -l} and {@code grep -c
 * page_fault} on the same file. The file repeats a real recording with its times moved on.
 */
final class ImportBenchmark {
  private static final String SAMPLE = "/samples/b_kvm_2vcpu_rand_pvm.trace.txt";
  private static final String STAGE_TWO = "/samples/s2_notifier.trace.txt";
  private static final RegionSpec SAMPLE_REGION =
      RegionSpec.parse("0x7fc31ac7d000+48M=guest-ram@0x0");
  private static final Pattern LINE =
      Pattern.compile("(.*?\\[\\d+\\] (?:\\S{4,5})? *)(\\d+)\\.(\\d{6})(: .*)");
  private static final int TOOL_SECONDS = 600;

  private final Path folder;
  private final int megabytes;
  private final int rounds;
  private final Consumer<String> out;

  ImportBenchmark(Path folder, int megabytes, int rounds, Consumer<String> out) {
    this.folder = folder;
    this.megabytes = megabytes;
    this.rounds = rounds;
    this.out = out;
  }

  /**
   * Runs it on a trace, or on the sample recording with its region told; then, side by side and
   * without told regions, on that and on one of a guest without a userfaultfd.
   */
  void run(@Nullable Path trace) throws IOException, TraceException {
    if (trace != null) {
      measure(Files.readString(trace), false);
      return;
    }
    measure(sample(SAMPLE), true);
    say("regions concluded, with a userfaultfd:");
    double with = measure(sample(SAMPLE), false);
    say("regions concluded, faults between a guest and KVM:");
    double without = measure(sample(STAGE_TWO), false);
    say("a trace without a userfaultfd imports %.2f times as fast as one with", without / with);
  }

  private double measure(String text, boolean told) throws IOException, TraceException {
    Path big = Files.createTempFile(folder, "faultscope-bench-", ".txt");
    Path recording = Files.createTempFile(folder, "faultscope-bench-", ".fscope");
    try {
      long lines = repeat(text, big);
      long bytes = Files.size(big);
      say("%,d lines, %.0f MB", lines, bytes / 1e6);
      double wc = tool(bytes, "wc", "-l", big.toString());
      double grep = tool(bytes, "grep", "-c", "page_fault", big.toString());
      InputOptions input = new InputOptions();
      if (told) {
        input.tell(SAMPLE_REGION);
      }
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      double best = 0;
      for (int round = 1; round <= rounds; round++) {
        long start = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        long events;
        try (InputOptions.Imported imported = input.importTo(big, recording)) {
          events = imported.timeline().lastSequence();
        }
        double rate = rate(bytes, System.nanoTime() - start);
        cpu = threads.getCurrentThreadCpuTime() - cpu;
        say(
            "import, round %d: %.0f MB/s; linking alone %.0f MB per CPU second; %,d events",
            round, rate, rate(bytes, cpu), events);
        best = Math.max(best, rate);
      }
      say("import %.0f MB/s, wc -l %.0f MB/s, grep -c page_fault %.0f MB/s", best, wc, grep);
      say("import takes %.1f times as long as wc -l, %.1f as grep", wc / best, grep / best);
      return best;
    } finally {
      Files.deleteIfExists(big);
      Files.deleteIfExists(recording);
    }
  }

  private void say(String format, Object... values) {
    out.accept(String.format(Locale.ROOT, format, values));
  }

  private static double rate(long bytes, long ns) {
    return bytes / 1e6 / (ns / 1e9);
  }

  /** {@return the best rate of a few runs of a program in MB/s; not a number where it fails} */
  private static double tool(long bytes, String... command) throws IOException {
    double best = Double.NaN;
    for (int run = 0; run < 3; run++) {
      long start = System.nanoTime();
      try {
        Process process =
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        // Its output is read: grep looks no further than the first match when nobody does.
        process.getInputStream().readAllBytes();
        if (!process.waitFor(TOOL_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return Double.NaN;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (IOException e) {
        return Double.NaN;
      }
      double rate = rate(bytes, System.nanoTime() - start);
      best = Double.isNaN(best) ? rate : Math.max(best, rate);
    }
    return best;
  }

  private long repeat(String text, Path big) throws IOException, TraceException {
    List<String> starts = new ArrayList<>();
    List<String> ends = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        starts.add(matcher.group(1));
        times.add(Long.parseLong(matcher.group(2)) * 1_000_000 + Long.parseLong(matcher.group(3)));
        ends.add(matcher.group(4));
      }
    }
    if (times.isEmpty()) {
      throw new TraceException("the trace has no line of raw ftrace text");
    }
    long span = times.getLast() - times.getFirst() + 1000;
    long left = megabytes * 1_000_000L;
    long lines = 0;
    try (BufferedWriter writer = Files.newBufferedWriter(big)) {
      writer.write("# tracer: nop\n");
      for (long copy = 0; left > 0; copy++) {
        for (int i = 0; i < starts.size(); i++) {
          long time = times.get(i) + copy * span;
          String line =
              starts.get(i)
                  + time / 1_000_000
                  + '.'
                  + String.valueOf(1_000_000 + time % 1_000_000).substring(1)
                  + ends.get(i)
                  + '\n';
          writer.write(line);
          left -= line.length();
          lines++;
        }
      }
    }
    return lines;
  }

  private static String sample(String name) throws IOException {
    try (InputStream in = ImportBenchmark.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the sample recordings are not in this build; name a trace");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
