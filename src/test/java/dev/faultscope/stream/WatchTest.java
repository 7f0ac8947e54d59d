package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.session.RecordedSessions;
import dev.faultscope.session.Session;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.scenario.RunRequest;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.web.RawHttp;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole way over a real socket: upload, open, snapshot, steps, resume. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "faultscope.token=" + WatchTest.TOKEN)
class WatchTest {
  static final String TOKEN = "a-token-for-the-watch-test";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir static Path dir;

  @LocalServerPort int port;
  @Autowired Library library;
  @Autowired Runs runs;
  private RawHttp http;
  private String cookie;
  private String id;

  @DynamicPropertySource
  static void dataDir(DynamicPropertyRegistry registry) {
    registry.add("faultscope.data-dir", () -> dir.resolve("data").toString());
  }

  @BeforeEach
  void upload() throws Exception {
    http = new RawHttp(port);
    cookie = http.cookie(TOKEN);
    Path file = dir.resolve("upload.fscope");
    RecordedSessions.write(file, 5, 500, 5000).timeline().close();
    try (InputStream in = Files.newInputStream(file)) {
      id = library.upload(in, "upload.fscope", List.of());
    }
    Session session = library.open(id).orElseThrow();
    long end = System.nanoTime() + 20_000_000_000L;
    while (session.isLoading()) {
      assertThat(System.nanoTime()).as("import within 20 s").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** A browser over a real socket. */
  private final class Client implements WebSocket.Listener, AutoCloseable {
    final FrameReader.Picture picture = new FrameReader.Picture();
    private final BlockingQueue<JsonNode> messages = new ArrayBlockingQueue<>(10_000);
    private final List<byte[]> pending = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private ByteBuffer binary = ByteBuffer.allocate(FrameBuffer.MAX_BYTES);
    final CompletableFuture<String> closed = new CompletableFuture<>();
    final WebSocket socket;
    private int received;
    private final AtomicReference<CompletableFuture<?>> sending =
        new AtomicReference<>(CompletableFuture.completedFuture(null));

    Client(String origin, String... headers) {
      WebSocket.Builder builder =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .subprotocols(WatchHandler.SUBPROTOCOL)
              .header("Origin", origin);
      for (String header : headers) {
        String[] parts = header.split(": ", 2);
        builder.header(parts[0], parts[1]);
      }
      socket =
          builder
              .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws/sessions/" + id), this)
              .orTimeout(10, TimeUnit.SECONDS)
              .join();
    }

    Client() {
      this("http://127.0.0.1:" + port, cookie);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        JsonNode message = JSON.readTree(text.toString());
        text.setLength(0);
        if (message.get("type").stringValue().equals("moment")) {
          pending.forEach(picture::apply);
          pending.clear();
        }
        messages.add(message);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      binary.put(data);
      if (last) {
        byte[] frame = new byte[binary.flip().limit()];
        binary.get(frame);
        binary = ByteBuffer.allocate(FrameBuffer.MAX_BYTES);
        pending.add(frame);
        received++;
        send(from, "{\"type\":\"ack\",\"frames\":" + received + "}");
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code + " " + reason);
      return CompletableFuture.completedStage(null);
    }

    void say(String message) {
      send(socket, message.replace('\'', '"')).join();
    }

    /** The test and the socket's own thread both speak; a message waits for the one before it. */
    private CompletableFuture<?> send(WebSocket to, String message) {
      synchronized (sending) {
        CompletableFuture<?> sent =
            sending.get().handle((_, _) -> null).thenCompose(_ -> to.sendText(message, true));
        sending.set(sent);
        return sent;
      }
    }

    JsonNode await(String type) throws InterruptedException {
      JsonNode message;
      do {
        message = next("a " + type);
      } while (!isOf(message, type));
      return message;
    }

    /** Whatever comes next, for who does not know in which order things come. */
    JsonNode next(String wanted) throws InterruptedException {
      JsonNode message = messages.poll(10, TimeUnit.SECONDS);
      assertThat(message).as(wanted + " within ten seconds").isNotNull();
      return message;
    }

    static boolean isOf(JsonNode message, String type) {
      return message.get("type").stringValue().equals(type);
    }

    JsonNode awaitMoment(long seq) throws InterruptedException {
      JsonNode moment;
      do {
        moment = await("moment");
      } while (moment.get("seq").longValue() != seq);
      return moment;
    }

    @Override
    public void close() {
      socket.abort();
    }
  }

  @Test
  void aBrowserOpensStepsGoesAndComesBack() throws Exception {
    long epoch;
    char[] before;
    try (Client client = new Client()) {
      client.say("{'type':'hello','protocol':1,'resume':null,'seq':300}");
      JsonNode hello = client.await("hello");
      epoch = hello.get("epoch").longValue();
      assertThat(hello.get("resumed").booleanValue()).isFalse();
      assertThat(hello.get("recording").get("title").stringValue()).isEqualTo("test recording");
      JsonNode meta = client.await("meta");
      assertThat(meta.get("regions")).hasSize(2);
      assertThat(meta.get("events").longValue()).isEqualTo(3000);
      assertThat(meta.get("progress").get("state").stringValue()).isEqualTo("complete");

      JsonNode first = client.awaitMoment(300);
      before = client.picture.states(0, 5000);
      assertThat(first.get("narration").stringValue()).contains("is woken");
      client.say("{'type':'step','by':2,'unit':'event'}");
      client.awaitMoment(302);
      assertThat(client.picture.states(0, 5000)).isNotEqualTo(before);
      client.say("{'type':'step','by':-2,'unit':'event'}");
      client.awaitMoment(300);
      assertThat(client.picture.states(0, 5000)).isEqualTo(before);

      client.say("{'type':'find','query':'kind = ioctl','direction':1}");
      assertThat(client.await("found").get("seq").longValue()).isEqualTo(305);
      client.say("{'type':'find','queries':['errno = EIO','kind = ioctl'],'direction':-1}");
      JsonNode none = client.await("found");
      assertThat(none.get("seq").longValue()).isEqualTo(299);
      assertThat(none.get("queries").toString()).isEqualTo("[\"kind = ioctl\"]");
      client.say("{'type':'find','queries':['kind = ioctl','page = '],'direction':1}");
      JsonNode wrong = client.await("error");
      assertThat(wrong.get("position").intValue()).isEqualTo(7);
      assertThat(wrong.get("message").stringValue()).contains("in the breakpoint page = ");
      client.say("{'type':'find','query':'kind = ','direction':1}");
      assertThat(client.await("error").get("code").stringValue()).isEqualTo("bad-query");
      client.say("{'type':'nonsense'}");
      assertThat(client.await("error").get("code").stringValue()).isEqualTo("bad-message");
    }
    try (Client client = new Client()) {
      client.say(
          "{'type':'hello','protocol':1,'resume':{'epoch':%d,'seq':300},'seq':302}"
              .formatted(epoch));
      assertThat(client.await("hello").get("resumed").booleanValue()).isTrue();
      client.awaitMoment(302);
      assertThat(client.received).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void aStepBehindTheLastEventMakesARunGoOn() throws Exception {
    id =
        runs.start(
            new RunRequest("minor-and-missing", null, "simulation", null, null, Map.of(), true));
    try (Client client = new Client()) {
      client.say("{'type':'hello','protocol':1,'resume':null}");
      client.await("hello");
      JsonNode run = client.await("run");
      assertThat(run.get("id").stringValue()).isEqualTo(id);
      assertThat(run.get("phase").stringValue()).isEqualTo("paused");
      assertThat(run.get("scenario").stringValue()).isEqualTo("minor-and-missing");
      long last = run.get("report").get("events").longValue();
      client.say("{'type':'seek','seq':%d}".formatted(last));
      client.awaitMoment(last);
      client.say("{'type':'step','by':1,'unit':'event'}");
      client.awaitMoment(last + 1);
      runs.command(id, new RunCommand.Go(Double.POSITIVE_INFINITY));
      JsonNode now;
      do {
        now = client.await("run");
      } while (!now.get("phase").stringValue().equals("done"));
      runs.command(id, new RunCommand.Stop());
      do {
        now = client.await("run");
      } while (!now.get("phase").stringValue().equals("ended"));
    }
  }

  @Test
  void whoFollowsARunIsTakenToTheEventAtWhichABreakpointStoppedIt() throws Exception {
    id =
        runs.start(
            new RunRequest("minor-and-missing", null, "simulation", null, null, Map.of(), true));
    try (Client client = new Client()) {
      client.say("{'type':'hello','protocol':1,'resume':null}");
      client.await("hello");
      // A touch decides and queues in one step: the breakpoint is met in the middle of it.
      runs.command(id, new RunCommand.Break(List.of("errno = EIO", "kind = decide")));
      client.say("{'type':'follow','on':true}");
      long seen = 0;
      for (int stops = 0; stops < 3; stops++) {
        runs.command(id, new RunCommand.Go(Double.POSITIVE_INFINITY));
        // The run's state and the moment come by ways of their own, either first.
        JsonNode run = null;
        Map<Long, JsonNode> halted = new HashMap<>();
        while (run == null || !halted.containsKey(seen)) {
          JsonNode message = client.next("the stop and its moment");
          if (Client.isOf(message, "moment") && !message.get("following").booleanValue()) {
            halted.put(message.get("seq").longValue(), message);
          } else if (Client.isOf(message, "run")
              && !message.get("stop").isNull()
              && message.get("stop").get("seq").longValue() > seen) {
            run = message;
            seen = message.get("stop").get("seq").longValue();
          }
        }
        assertThat(run.get("phase").stringValue()).isEqualTo("paused");
        assertThat(run.get("stop").get("queries").toString()).isEqualTo("[\"kind = decide\"]");
        assertThat(run.get("breakpoints")).hasSize(2);
        assertThat(halted.get(seen).get("event").get("kind").stringValue()).isEqualTo("decide");
        client.say("{'type':'follow','on':true}");
      }
    }
  }

  @Test
  void aHandshakeWithoutOriginCookieOrRecordingIsRefused() throws Exception {
    assertThatThrownBy(() -> new Client("http://evil.example", cookie)).isNotNull();
    assertThatThrownBy(() -> new Client("http://127.0.0.1:" + port)).isNotNull();

    String[] upgrade = {
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Protocol: faultscope.v1",
      "Sec-WebSocket-Extensions: permessage-deflate"
    };
    String path = "/ws/sessions/" + id;
    String own = "Origin: http://" + http.host();
    assertThat(http.get(path, with(upgrade, own, cookie)).status()).isEqualTo(101);
    assertThat(http.get(path, with(upgrade, own, cookie)).header("Sec-WebSocket-Extensions"))
        .isEmpty();
    assertThat(http.get(path, with(upgrade, cookie)).status()).isEqualTo(403);
    assertThat(http.get(path, with(upgrade, "Origin: null", cookie)).status()).isEqualTo(403);
    assertThat(http.get(path, with(upgrade, own)).status()).isEqualTo(403);
    assertThat(http.get(path, with(upgrade, own, cookie, "Host: evil.example")).status())
        .isEqualTo(403);
    assertThat(http.get("/ws/sessions/sample-none", with(upgrade, own, cookie)).status())
        .isEqualTo(404);
    assertThat(http.get("/ws/sessions/..%2Fx", with(upgrade, own, cookie)).status()).isIn(400, 404);
  }

  private static String[] with(String[] headers, String... more) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void aFirstMessageThatIsNoHelloEndsTheConnection() throws Exception {
    try (Client client = new Client()) {
      client.say("{'type':'pause'}");

      assertThat(client.closed.get(10, TimeUnit.SECONDS)).contains("hello");
    }
  }

  @Test
  void aMessageLargerThanItsBoundEndsTheConnection() throws Exception {
    try (Client client = new Client()) {
      client.say("{'type':'hello','protocol':1,'resume':null}");
      client.await("moment");
      client.say("{'type':'find','direction':1,'query':'" + "x".repeat(20_000) + "'}");

      assertThat(client.closed.get(10, TimeUnit.SECONDS)).startsWith("1009");
    }
  }

  @Test
  void forgettingARecordingEndsWhoWatchesIt() throws Exception {
    try (Client client = new Client()) {
      client.say("{'type':'hello','protocol':1,'resume':null}");
      client.await("moment");

      assertThat(http.send("DELETE", "/api/recordings/" + id, "", cookie).status()).isEqualTo(204);

      assertThat(client.closed.get(10, TimeUnit.SECONDS)).isNotNull();
    }
  }
}
