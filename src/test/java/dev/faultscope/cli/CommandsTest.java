package dev.faultscope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandsTest {
  private static final String SAMPLE = "sample-traces/v_c_uprobe.trace.txt";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> served = new ArrayList<>();

  @TempDir private Path directory;

  @Test
  void statsPrintsOneJsonObject() throws Exception {
    assertThat(run("stats", SAMPLE, "--json")).isZero();
    JsonNode stats = new JsonMapper().readTree(out.toString());
    assertThat(stats.path("faults").asLong()).isEqualTo(512);
    assertThat(stats.path("distinctPages").asLong()).isEqualTo(512);
    assertThat(stats.path("resolutions").path("COPY").asLong()).isEqualTo(512);
    assertThat(stats.path("faultsByThread").path("11630").asLong()).isEqualTo(256);
    assertThat(stats.path("regions").get(0).path("name").asString()).isEqualTo("anon");
    assertThat(stats.path("regions").get(0).path("base").asString()).isEqualTo("0x7fc3c4a00000");
    assertThat(stats.path("regions").get(0).path("pages").asLong()).isEqualTo(512);
    assertThat(stats.path("unknownLines").isObject()).isTrue();
    assertThat(stats.path("damagedLines").asLong()).isZero();
    assertThat(stats.path("durationNs").asLong()).isPositive();
    assertThat(stats.path("latencyNs").path("p50").asLong())
        .isBetween(1L, stats.path("latencyNs").path("max").asLong());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void compareRunsEveryPolicyAndSaysWhatItCameTo() throws Exception {
    String scenario = "sample-scenarios/snapshot-restore.yaml";
    assertThat(run("compare", scenario, "--policy", "oracle", "--policy", "on-demand", "--json"))
        .isZero();
    JsonNode runs = new JsonMapper().readTree(out.toString()).path("runs");
    assertThat(runs.size()).isEqualTo(2);
    assertThat(runs.get(0).path("elapsedNs").asLong())
        .isLessThan(runs.get(1).path("elapsedNs").asLong());
    assertThat(runs.get(1).path("curve").isEmpty()).isFalse();
    out.getBuffer().setLength(0);
    assertThat(run("compare", scenario, "--seed", "1", "--seed", "2")).isZero();
    assertThat(out.toString().lines().filter(line -> line.matches("simulation +batch +[12] .*")))
        .hasSize(2);
  }

  @Test
  void oracleForeseesAccessesAndTheBoundIsAllResident() throws Exception {
    String scenario = "sample-scenarios/snapshot-restore.yaml";
    String[] compare = {
      "compare", scenario, "--policy", "oracle", "--policy", "fault-all", "--policy", "all-resident"
    };
    assertThat(run(compare)).isZero();
    assertThat(out.toString().lines().toList().getLast())
        .startsWith("oracle: of accesses, not of costs")
        .endsWith("The bound is all-resident.");

    out.getBuffer().setLength(0);
    String[] asJson = Arrays.copyOf(compare, compare.length + 1);
    asJson[compare.length] = "--json";
    assertThat(run(asJson)).isZero();
    JsonNode runs = new JsonMapper().readTree(out.toString()).path("runs");
    assertThat(runs.get(0).path("unusedPages").asLong()).as("moved in vain").isZero();
    assertThat(runs.get(1).path("unusedPages").asLong()).isPositive();
    for (JsonNode each : runs) {
      assertThat(runs.get(2).path("elapsedNs").asLong())
          .isLessThanOrEqualTo(each.path("elapsedNs").asLong());
    }
  }

  @Test
  void compareSaysWhatCannotBeCompared() {
    assertThat(run("compare", "sample-scenarios/v1-race.yaml", "--policy", "clairvoyant"))
        .isEqualTo(Problems.INPUT);
    assertThat(err.toString()).startsWith("faultscope: sample-scenarios/v1-race.yaml: ");
  }

  @Test
  void statsPrintsAlignedText() {
    assertThat(run("stats", SAMPLE, "--region", "0x7fc3c4a00000+2M=mine")).isZero();
    assertThat(out.toString())
        .contains("faults                 512")
        .contains("region mine            0x7fc3c4a00000, 512 pages, 512 faults")
        .contains("UFFDIO_COPY            512 calls: 512 ok");
  }

  @Test
  void recordingThatWasCutSaysWhatIsLostAndGivesWhatIsWhole() throws Exception {
    Path whole = directory.resolve("whole.fscope");
    Path cut = directory.resolve("cut.fscope");
    Path mended = directory.resolve("mended.fscope");
    assertThat(run("convert", SAMPLE, whole.toString())).isZero();
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    String lost =
        "cut\\.fscope is not whole: the file was cut within a chunk, at byte \\d+\\. Its first \\d+"
            + " events, up to 0\\.\\d{6} s, are here; whatever came after is lost\\.";

    out.getBuffer().setLength(0);
    assertThat(run("stats", cut.toString())).isZero();
    assertThat(out.toString().lines().findFirst().orElseThrow()).matches(lost);
    out.getBuffer().setLength(0);
    assertThat(run("stats", cut.toString(), "--json")).isZero();
    JsonNode stats = new JsonMapper().readTree(out.toString());
    assertThat(stats.path("faults").asLong()).isBetween(100L, 511L);
    assertThat(stats.path("notes").get(0).asString()).matches(lost);

    err.getBuffer().setLength(0);
    assertThat(run("convert", cut.toString(), mended.toString())).isZero();
    assertThat(err.toString().lines().findFirst().orElseThrow()).matches(lost);
    out.getBuffer().setLength(0);
    assertThat(run("stats", mended.toString(), "--json")).isZero();
    assertThat(new JsonMapper().readTree(out.toString()).path("faults"))
        .isEqualTo(stats.path("faults"));
  }

  @Test
  void faultsAddUpToTheStatisticsAndTheirPartsToEachWait() throws Exception {
    assertThat(run("stats", SAMPLE, "--json")).isZero();
    JsonNode stats = new JsonMapper().readTree(out.toString());
    out.getBuffer().setLength(0);
    String[] slowest = {
      "faults", SAMPLE, "--sort", "latency", "--group-by", "thread", "--limit", "9999", "--json"
    };
    assertThat(run(slowest)).isZero();
    JsonNode table = new JsonMapper().readTree(out.toString());

    assertThat(table.path("faults")).isEqualTo(stats.path("faults"));
    assertThat(table.path("unreadFaults")).isEqualTo(stats.path("unreadFaults"));
    JsonNode rows = table.path("rows");
    assertThat(rows.size())
        .isEqualTo(table.path("faults").asInt() + table.path("unreadFaults").asInt());
    assertThat(rows.get(0).path("latencyNs").longValue())
        .isEqualTo(stats.path("latencyNs").path("max").longValue());
    long slower = Long.MAX_VALUE;
    long waits = 0;
    for (JsonNode row : rows) {
      assertThat(row.path("latencyNs").longValue()).isPositive().isLessThanOrEqualTo(slower);
      slower = row.path("latencyNs").longValue();
      long parts = row.path("unattributedNs").longValue();
      for (String part : List.of("unreadNs", "readToIoctlNs", "ioctlNs", "wakeToRetryNs")) {
        parts += row.path(part).isNull() ? 0 : row.path(part).longValue();
      }
      assertThat(parts).isEqualTo(row.path("waitNs").longValue());
      assertThat(row.path("readToIoctlNs").longValue()).isNotNegative();
      assertThat(row.path("ioctlNs").isNumber()).as("which call woke it is in the trace").isTrue();
      waits += row.path("waitNs").longValue();
    }
    assertThat(table.path("groups").get(0).path("thread").isString()).isTrue();
    assertThat(
            table
                .path("groups")
                .valueStream()
                .mapToLong(each -> each.path("waitNs").longValue())
                .sum())
        .isEqualTo(waits);
  }

  @Test
  void faultsAreChosenByWhatTheirEventsAre() throws Exception {
    assertThat(run("faults", SAMPLE, "--where", "latency > 30us", "--json")).isZero();
    JsonNode rows = new JsonMapper().readTree(out.toString()).path("rows");
    assertThat(rows.isEmpty()).isFalse();
    assertThat(rows.valueStream().allMatch(row -> row.path("latencyNs").longValue() > 30_000))
        .isTrue();
    assertThat(run("faults", SAMPLE, "--where", "latency > soon")).isEqualTo(2);
    assertThat(err.toString()).contains("--where, character 11: ");
    assertThat(run("faults", SAMPLE, "--sort", "speed")).isEqualTo(2);
    assertThat(err.toString()).contains("--sort is one of time, latency, wait");
    assertThat(run("faults", SAMPLE, "--group-by", "mood")).isEqualTo(2);
  }

  @Test
  void heatmapsAddUpToTheStatistics() throws Exception {
    assertThat(run("stats", SAMPLE, "--json")).isZero();
    JsonNode stats = new JsonMapper().readTree(out.toString());
    out.getBuffer().setLength(0);
    assertThat(run("faults", SAMPLE, "--limit", "0", "--json")).isZero();
    JsonNode buckets = new JsonMapper().readTree(out.toString()).path("latency").path("buckets");
    long faults = stats.path("faults").asLong() + stats.path("unreadFaults").asLong();
    for (String of : List.of("latency", "address")) {
      out.getBuffer().setLength(0);
      assertThat(run("heatmap", SAMPLE, "--of", of, "--columns", "70", "--rows", "9", "--json"))
          .isZero();
      JsonNode map = new JsonMapper().readTree(out.toString());
      assertThat(map.path("of").stringValue()).isEqualTo(of);
      assertThat(map.path("faults").asLong()).isEqualTo(faults);
      assertThat(map.path("unread")).isEqualTo(stats.path("unreadFaults"));
      long sum = sum(map.path("unknown"));
      for (int row = 0; row < map.path("rows").size(); row++) {
        JsonNode cells = map.path("rows").get(row).path("faults");
        assertThat(cells.size()).isEqualTo(70);
        sum += sum(cells);
        if (of.equals("latency")) {
          assertThat(sum(cells)).isEqualTo(buckets.get(row).path("faults").asLong());
        }
      }
      assertThat(sum).isEqualTo(faults);
    }
    out.getBuffer().setLength(0);
    assertThat(run("heatmap", SAMPLE)).isZero();
    assertThat(out.toString()).startsWith("512 faults in ").contains("█");
    assertThat(run("heatmap", SAMPLE, "--of", "mood")).isEqualTo(2);
    assertThat(err.toString()).contains("--of is one of latency, address, not mood");
    assertThat(run("heatmap", SAMPLE, "--rows", "257")).isEqualTo(2);
    assertThat(err.toString()).contains("--rows is 1 to 256, not 257");
    assertThat(run("heatmap", SAMPLE, "--where", "latency > soon")).isEqualTo(2);
    assertThat(err.toString()).contains("--where, character 11: ");
  }

  @Test
  void touchesAreListedInTheirOrderEachPageOnce() throws Exception {
    assertThat(run("touches", SAMPLE, "--limit", "1000000", "--json")).isZero();
    JsonNode report = new JsonMapper().readTree(out.toString());
    Set<String> pages = new HashSet<>();
    long order = 1;
    long seq = 0;
    for (JsonNode touch : report.path("touches")) {
      assertThat(touch.path("order").asLong()).isEqualTo(order);
      assertThat(touch.path("seq").asLong()).isGreaterThanOrEqualTo(seq);
      seq = touch.path("seq").asLong();
      order += touch.path("pages").asLong();
      assertThat(pages.add(touch.path("region").stringValue() + touch.path("page").asLong()))
          .isTrue();
    }
    assertThat(report.path("pages").asLong()).isEqualTo(order - 1).isPositive();

    out.getBuffer().setLength(0);
    assertThat(run("touches", SAMPLE, "--limit", "2")).isZero();
    assertThat(out.toString().lines()).hasSize(4);
    assertThat(out.toString()).startsWith("pages touched: " + (order - 1));
    assertThat(run("touches", SAMPLE, "--limit", "-1")).isEqualTo(2);
    assertThat(err.toString()).contains("--limit is at least 0, not -1");
  }

  @Test
  void pagesAreCountedByAgeAndByWhoAtAnyMoment() throws Exception {
    assertThat(run("stats", SAMPLE, "--json")).isZero();
    for (String of : List.of("age", "who", "contents")) {
      out.getBuffer().setLength(0);
      assertThat(run("pages", SAMPLE, "--of", of, "--json")).isZero();
      JsonNode last = new JsonMapper().readTree(out.toString());
      out.getBuffer().setLength(0);
      assertThat(run("pages", SAMPLE, "--of", of, "--at", "0", "--json")).isZero();
      JsonNode first = new JsonMapper().readTree(out.toString());
      assertThat(sum(first.path("pages"))).isEqualTo(sum(last.path("pages"))).isPositive();
      if (!of.equals("contents")) { // of which a trace tells nothing
        assertThat(first.path("pages")).isNotEqualTo(last.path("pages"));
      }
    }
    assertThat(run("pages", SAMPLE, "--of", "mood")).isEqualTo(2);
    assertThat(err.toString()).contains("--of is one of age, who, contents, not mood");
    assertThat(run("pages", SAMPLE, "--of", "age", "--at", "999999999")).isEqualTo(2);
    assertThat(err.toString()).contains("--at is 999999999, must be in 0..");
  }

  private static long sum(JsonNode counts) {
    return counts.valueStream().mapToLong(JsonNode::asLong).sum();
  }

  @Test
  void lanesAddUpToTheStallsOfTheStatistics() throws Exception {
    assertThat(run("lanes", SAMPLE, "--columns", "300", "--json")).isZero();
    JsonNode lanes = new JsonMapper().readTree(out.toString());
    assertThat(lanes.path("columns").asInt()).isEqualTo(300);
    double blocked = 0;
    double waited = 0;
    for (int column = 0; column < 300; column++) {
      for (JsonNode lane : lanes.path("lanes")) {
        double whole = 0;
        for (String share : List.of("running", "blocked", "handling", "idle", "unknown")) {
          whole += lane.path(share).get(column).doubleValue();
        }
        assertThat(whole).isCloseTo(1, within(1e-9));
        blocked += lane.path("blocked").get(column).doubleValue() / 300;
      }
      waited += lanes.path("queue").path("mean").get(column).doubleValue() / 300;
    }
    assertThat(blocked).isPositive().isCloseTo(waited, within(1e-6));
    out.getBuffer().setLength(0);
    assertThat(run("stats", SAMPLE, "--json")).isZero();
    JsonNode stats = new JsonMapper().readTree(out.toString());
    JsonNode rates = lanes.path("rates");
    assertThat(sum(rates.path("faults")))
        .isEqualTo(stats.path("faults").asLong() + stats.path("unreadFaults").asLong());
    assertThat(sum(rates.path("pages"))).isPositive().isEqualTo(stats.path("pagesServed").asLong());
    // By the second, each over its own width, they come to the same.
    double width = lanes.path("durationNs").doubleValue() / 300 / 1e9;
    assertThat(
            rates.path("faultsPerSecond").valueStream().mapToDouble(JsonNode::doubleValue).sum()
                * width)
        .isCloseTo(sum(rates.path("faults")), within(sum(rates.path("faults")) * 1e-3));
    assertThat(
            rates.path("pagesPerSecond").valueStream().mapToDouble(JsonNode::doubleValue).sum()
                * width)
        .isCloseTo(sum(rates.path("pages")), within(sum(rates.path("pages")) * 1e-3));
    out.getBuffer().setLength(0);
    assertThat(run("lanes", SAMPLE)).isZero();
    assertThat(out.toString())
        .contains("thread", "blocked", "unknown", "queue", "faults/s", "pages/s");
    assertThat(run("lanes", SAMPLE, "--columns", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--columns is 1 to 4096, not 0");
  }

  @Test
  void convertGoesThereAndBack() throws Exception {
    Path recording = directory.resolve("a.fscope");
    Path text = directory.resolve("a.ndjson");
    Path again = directory.resolve("b.fscope");
    Path textAgain = directory.resolve("b.ndjson");
    assertThat(run("convert", SAMPLE, recording.toString())).isZero();
    assertThat(run("convert", recording.toString(), text.toString())).isZero();
    assertThat(run("convert", text.toString(), again.toString())).isZero();
    assertThat(run("convert", again.toString(), textAgain.toString())).isZero();
    assertThat(textAgain).hasSameTextualContentAs(text);
    assertThat(run("stats", again.toString(), "--json")).isZero();
    assertThat(out.toString()).contains("\"faults\" : 512");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stats",
        "stats a b",
        "stats x --region nonsense",
        "stats x --nope",
        "convert x",
        "convert x y.txt",
        "nonsense",
        "serve nonsense",
        "serve --port=70000",
        "--port=x",
        "bench",
        "bench import --megabytes=0"
      })
  void badUsageIsOneSentenceAndExitCodeTwo(String commandLine) {
    assertThat(run(commandLine.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith("faultscope: ").hasLineCount(1);
    assertThat(out.toString()).isEmpty();
    assertThat(served).isEmpty();
  }

  @Test
  void badInputIsOneSentenceAndExitCodeThree() throws Exception {
    Path strange = Files.writeString(directory.resolve("strange.txt"), "hello\n");
    Path cut = Files.write(directory.resolve("cut.fscope"), new byte[] {(byte) 0x89, 'F', 'S'});
    for (String file : List.of("/nowhere/none.txt", strange.toString(), cut.toString())) {
      err.getBuffer().setLength(0);
      assertThat(run("stats", file)).isEqualTo(3);
      assertThat(err.toString()).startsWith("faultscope: ").hasLineCount(1);
    }
  }

  @Test
  void serveIsTheDefaultAndPassesSpringsArgumentsOn() {
    assertThat(run()).isZero();
    assertThat(run("--port", "0", "--spring.main.banner-mode=off")).isZero();
    assertThat(run("serve", "--port=8081")).isZero();
    assertThat(served)
        .containsExactly("", "--spring.main.banner-mode=off --server.port=0", "--server.port=8081");
    assertThat(out.toString()).contains("Open it");
  }

  @Test
  void benchComparesTheImportWithPlainTools() {
    assertThat(
            run("bench", "--folder", directory.toString(), "import", "--megabytes=3", "--rounds=1"))
        .isZero();
    assertThat(out.toString()).contains("import, round 1").contains("wc -l").contains("MB/s");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void helpNamesTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("serve", "stats", "convert", "bench");
  }

  @Test
  @Requires(Requirement.UFFD)
  void rescueTakesNothingUntilItIsSaidAgain() throws Exception {
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      String pid = "" + other.pid();
      rescueTakesNothingOf(pid);
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private void rescueTakesNothingOf(String pid) {
    assertThat(run("rescue", pid, "--zero")).isEqualTo(2);
    assertThat(err.toString())
        .contains("takes the messages of the userfaultfd away")
        .contains("say it again with --yes");
    assertThat(run("rescue", pid, "--zero", "--yes")).isEqualTo(3);
    assertThat(err.toString()).contains("no userfaultfd open");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... arguments) {
    return Main.run(
        (say, passed) -> {
          served.add(String.join(" ", passed));
          say.accept("Open it");
        },
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        arguments);
  }
}
