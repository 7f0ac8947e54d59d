import dev.faultscope.timeline.bench.TimelineBenchmark;
import java.io.IOException;
import java.nio.file.Path;

/** Runs the timeline's benchmark: {@code [events] [folder]} (docs/benchmarks.md). */
public final class TimelineBench {

  void main(String[] arguments) throws IOException {
    long events = arguments.length > 0 ? Long.parseLong(arguments[0]) : 50_000_000;
    Path folder =
        Path.of(arguments.length > 1 ? arguments[1] : System.getProperty("java.io.tmpdir"));
    new TimelineBenchmark(folder, events, System.out::println).run();
  }
}
