package dev.faultscope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.cli.ShutdownLimit;
import dev.faultscope.testsupport.Programs;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that is told to end (SIGTERM) while everything it can do is under way: it ends by itself
 * within its limit, and who slept in a fault sleeps no more.
 */
@Requires(Requirement.UFFD)
@Timeout(300)
class ShutdownTest {
  private static final String TOKEN = "a-token-for-shutdown";
  private static final int PATIENCE_SECONDS = 60;
  private static final int PEER_MIB = 32;

  /** What a server ends with that was told to by SIGTERM. */
  private static final int SIGTERM_EXIT = 143;

  /** Steps of a second each; a thousand of them. */
  private static final String LONG =
      "steps: [{repeat: {times: 1000, steps: [{store: {at: big, pages: 1048576, value: 7}}]}}]";

  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  /** Of its own: the server closes a connection with its hundredth request, whichever that is. */
  private final HttpClient sockets = HttpClient.newHttpClient();

  private final List<Process> processes = new ArrayList<>();
  private String server = "";

  @AfterEach
  void killWhatIsLeft() {
    processes.forEach(Process::destroyForcibly);
    client.shutdownNow();
    sockets.shutdownNow();
  }

  @Test
  void endsWithinItsLimitAndReleasesWhoeverIsHeld() throws Exception {
    Assumptions.assumeTrue(Programs.find("python3").isPresent(), "no python3 on the PATH");
    Process process = startServer();
    Process peer = holdAPeer();
    holdAGuest();
    await("both are held", () -> get("/api/runs").split("\"phase\":\"waiting\"").length == 3);
    List<ProcessHandle> guests = process.children().toList();
    assertThat(guests).isNotEmpty();

    post("/api/watches", Map.of("pid", peer.pid(), "rateHz", 50));
    String text = "title: t\nmemory: {big: {backing: memfd, pages: 1048576}}\n" + LONG;
    String run = start(text, false);
    openSocket(run);
    // A request that waits for its step.
    String asked = start(text, true);
    client.sendAsync(
        request("/api/runs/" + asked + "/commands")
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    JSON.writeValueAsString(Map.of("type", "advance", "unit", "event", "by", 1))))
            .build(),
        HttpResponse.BodyHandlers.discarding());
    compare();
    importForLong();
    await("the long steps are under way", () -> bytesOf(run) > 1 << 20 && bytesOf(asked) > 1 << 20);

    process.destroy();

    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
    String said = Files.readString(folder.resolve("server.txt"));
    assertThat(process.exitValue()).as(said).isEqualTo(SIGTERM_EXIT);
    assertThat(said).doesNotContain(ShutdownLimit.LATE);
    for (ProcessHandle guest : guests) {
      guest.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    assertThat(peer.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("the peer goes on").isTrue();
    assertThat(Files.readString(folder.resolve("peer.txt"))).doesNotContain("wrong");
    assertRecordingsAreWhole();
  }

  private Process startServer() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home", ""), "bin", "java") + "",
            "-XX:+UseSerialGC",
            "-Xmx768m",
            "-Djava.io.tmpdir=" + folder,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path", ""),
            FaultscopeApplication.class.getName(),
            "serve",
            "--port",
            "0");
    builder.environment().put("FAULTSCOPE_TOKEN", TOKEN);
    builder.environment().put("FAULTSCOPE_DATA_DIR", folder.resolve("data") + "");
    Process process = builder.redirectError(folder.resolve("server.txt").toFile()).start();
    processes.add(process);
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    String line = Objects.requireNonNull(said.readLine(), "where it listens");
    server = found("http://([0-9.:]+)/", line);
    // What is logged goes nowhere, and must not fill the pipe.
    Thread.ofVirtual().start(() -> said.lines().forEach(each -> {}));
    return process;
  }

  private Process holdAPeer() throws Exception {
    Path memory = folder.resolve("memory");
    ByteBuffer words = ByteBuffer.allocate(PEER_MIB << 20);
    for (long word = 1; words.hasRemaining(); word++) {
      words.putLong(word * 0x9e3779b97f4a7c15L);
    }
    Files.write(memory, words.array());
    String made =
        post("/api/attachments", Map.of("memory", memory + "", "hold", "", "watchdogSeconds", 600));
    String socket = found("\"socket\":\"([^\"]+)\"", made);
    Path script =
        Path.of(Objects.requireNonNull(ShutdownTest.class.getResource("/peers/peer.py")).toURI());
    Process peer =
        new ProcessBuilder(
                Programs.find("python3").orElseThrow() + "",
                script + "",
                socket,
                memory + "",
                "1",
                "2")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("peer.txt").toFile())
            .start();
    processes.add(peer);
    return peer;
  }

  private void holdAGuest() throws Exception {
    post(
        "/api/guests",
        Map.of("backing", "anon", "mode", "missing", "mib", 16, "workers", 2, "hold", ""));
  }

  private String start(String text, boolean paused) throws Exception {
    return found("\"id\":\"([^\"]+)\"", post("/api/runs", Map.of("text", text, "paused", paused)));
  }

  private void compare() throws Exception {
    String text =
        """
        title: t
        memory: {ram: {backing: anon, pages: 64}, big: {backing: memfd, pages: 1048576}}
        uffds: {u: {register: {ram: [MISSING]}}}
        threads: {v: {workload: {kind: sequential, memory: ram}}}
        handlers: {h: {}}
        """;
    post("/api/comparisons", Map.of("text", text + LONG, "policies", List.of("on-demand")));
  }

  private void importForLong() throws Exception {
    StringBuilder trace = new StringBuilder("# tracer: nop\n");
    for (int i = 0; i < 300_000; i++) {
      trace.append(
          " a-1 [000] d... %d.%06d: page_fault_user: address=0x7f0000001000 ip=0x1000 error_code=0x4\n"
              .formatted(i / 1000, i % 1000));
    }
    send(
        request("/api/recordings?name=long")
            .header("Content-Type", "application/octet-stream")
            .POST(HttpRequest.BodyPublishers.ofString(trace + "")));
  }

  private void openSocket(String run) throws Exception {
    sockets
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + TOKEN)
        .header("Origin", "http://" + server)
        .subprotocols("faultscope.v1")
        .buildAsync(
            URI.create("ws://" + server + "/ws/sessions/" + run), new WebSocket.Listener() {})
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Every fault was answered before its handler left, and every file opens. */
  private void assertRecordingsAreWhole() throws IOException {
    int live = 0;
    for (Path file : recordings()) {
      try (Timeline timeline = RecordingFile.open(file);
          Cursor cursor = timeline.cursor()) {
        cursor.seek(timeline.lastSequence());
        if (timeline.info().source().equals("live")
            && timeline.info().title().startsWith("Attached")) {
          live++;
          assertThat(cursor.moment().queue()).as("asleep at the end of %s", file).isEmpty();
        }
      }
    }
    assertThat(live).isEqualTo(1);
  }

  private List<Path> recordings() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      return files.filter(file -> (file + "").endsWith(".fscope")).toList();
    }
  }

  private long bytesOf(String run) throws IOException {
    return recordings().stream()
        .filter(file -> (file + "").contains(run))
        .mapToLong(file -> file.toFile().length())
        .sum();
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("%s, not in time", what).isLessThan(end);
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static String found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + server + path))
        .header("Authorization", "Bearer " + TOKEN)
        .timeout(Duration.ofSeconds(PATIENCE_SECONDS));
  }

  private String send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return answer.body();
  }

  private String get(String path) throws Exception {
    return send(request(path));
  }

  private String post(String path, Map<String, ?> body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }
}
