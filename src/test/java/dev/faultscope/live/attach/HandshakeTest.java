package dev.faultscope.live.attach;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.linux.EventFd;
import dev.faultscope.linux.UnixListener;
import dev.faultscope.linux.UnixSocket;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.testsupport.Seeds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HandshakeTest {
  private static final long BASE = 140234567680000L;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        // v1.1 to v1.6
        "[{'base_host_virt_addr':140234567680000,'size':134217728,'offset':0}]",
        // v1.7 to v1.11, whose value is in bytes in spite of its name
        "[{'base_host_virt_addr':140234567680000,'size':134217728,'offset':0,'page_size_kib':4096}]",
        // v1.12 and later
        "[{'base_host_virt_addr':140234567680000,'size':134217728,'offset':0,'page_size':4096,"
            + "'page_size_kib':4096}]",
        // to come
        "[ {'offset' : 0, 'new':{'a':[1,2.5e3,null,true,'\\u0041\\n']}, 'size':134217728,\n"
            + "'base_host_virt_addr':140234567680000} ]"
      })
  void everyVersionOfTheHandshakeIsUnderstood(String json) throws Exception {
    assertThat(parse(json)).containsExactly(new GuestRegion(BASE, 134217728, 0, 4096, -1, false));
  }

  @Test
  void secretHidingTellsOfGuestAddressesAndGuestMemfd() throws Exception {
    assertThat(
            parse(
                "[{'base_host_virt_addr':140234566139904,'size':4194304,'offset':0,'gpa_start':0,"
                    + "'page_size':2097152,'is_guest_memfd':true,'page_size_kib':2097152}]"))
        .isEqualTo(List.of(new GuestRegion(140234566139904L, 4194304, 0, 2097152, 0, true)));
  }

  @Test
  void ownMessageIsUnderstood() throws Exception {
    assertThat(
            new String(
                Handshake.encode(List.of(new GuestRegion(BASE, 4194304, 0, 2097152, 4096, true))),
                UTF_8))
        .isEqualTo(
            "[{'base_host_virt_addr':140234567680000,'size':4194304,'offset':0,'gpa_start':4096,"
                    .replace('\'', '"')
                + "'page_size':2097152,'is_guest_memfd':true,'page_size_kib':2097152}]"
                    .replace('\'', '"'));
    List<GuestRegion> regions =
        List.of(
            new GuestRegion(BASE, 8192, 0, 4096, -1, false),
            new GuestRegion(BASE + (1L << 32), 4096, 8192, 4096, 1L << 32, true));
    assertThat(Handshake.parse(Handshake.encode(regions))).isEqualTo(regions);
  }

  @Test
  void requestForItNamesTheSocketWhateverItIsCalled() {
    assertThat(Handshake.request(Path.of("/run/a \"b\" \\ä")))
        .isEqualTo(
            "{\"snapshot_path\":\"<snapshot file>\",\"mem_backend\":{\"backend_type\":\"Uffd\","
                + "\"backend_path\":\"/run/a \\\"b\\\" \\\\ä\"},\"resume_vm\":true}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "[], at least one region",
        "{}, at least one region",
        "[1], region 0, at byte 1, should be an object",
        "[{'size':4096}], region 0: base_host_virt_addr is missing",
        "[{'base_host_virt_addr':null}], region 0: base_host_virt_addr should be a whole number",
        "[{'size':'4096'}], at byte 9",
        "[{'size':4096.0}], at byte 9",
        "\"[{'size':4096,'size':8192}]\", at byte 20: Duplicate",
        "\"[{'new':{'a':1,'a':2}}]\", Duplicate",
        "\"[{'base_host_virt_addr':4096,'size':-4096,'offset':0}]\", size should be",
        "\"[{'base_host_virt_addr':4096,'size':4097,'offset':0}]\", is not whole pages",
        "\"[{'base_host_virt_addr':4096,'size':0,'offset':0}]\", is not whole pages",
        "\"[{'base_host_virt_addr':4096,'size':4096,'offset':0,'page_size':5000}]\", a page of"
            + " 5000",
        "\"[{'base_host_virt_addr':99999999999999999999,'size':4096}]\", at most 63 bits",
        "\"[{'base_host_virt_addr':9223372036854771712,'size':4096,'offset':0}]\", beyond any",
        "\"[{'base_host_virt_addr':4096,'size':8192,'offset':0},"
            + "{'base_host_virt_addr':8192,'size':4096,'offset':0}]\", region 1 overlaps region 0",
        "\"[{'base_host_virt_addr':0,'size':4096,'offset':0}]x\", at byte 50",
        "\"[{'base_host_virt_addr':0,'size':4096,'offset':0}][]\", has more at byte 50",
        "[{'a':01}], at byte 7",
        "[{'a':1, at byte 7: it ends too early",
        "[{'a':[[[[[[[[[[[[[[[[[[, depth (17)",
        "[{'\\x'}], escape",
        "nul, at byte"
      })
  void whatIsWrongIsSaid(String json, String message) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(HandshakeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    assertThatThrownBy(() -> Handshake.parse(new byte[] {'[', (byte) 0xff, ']'}))
        .hasMessageContaining("not UTF-8 text at byte 1");
    byte[] overlong = {'[', '"', (byte) 0xc1, (byte) 0x81, '"', ']'};
    assertThatThrownBy(() -> Handshake.parse(overlong)).hasMessageContaining("at byte 2");
    assertThatThrownBy(() -> Handshake.parse("[{}]".getBytes(UTF_16LE)))
        .isInstanceOf(HandshakeException.class);
  }

  @Test
  void numbersOutOfBoundsAreRefusedWhereverTheyStand() throws Exception {
    String digits = "9".repeat(1000);
    assertThatThrownBy(() -> parse("[{'size':" + digits + "}]"))
        .isInstanceOf(HandshakeException.class)
        .hasMessageContaining("length (1000) exceeds");
    assertThatThrownBy(() -> parse("[{'new':" + digits + "}]"))
        .isInstanceOf(HandshakeException.class);
    assertThat(
            parse("[{'base_host_virt_addr':0,'size':4096,'offset':0,'new':18446744073709551616}]"))
        .containsExactly(new GuestRegion(0, 4096, 0, 4096, -1, false));
  }

  @Test
  void garbledMessageIsUnderstoodOrRefusedAndNothingElse() {
    byte[] sound =
        Handshake.encode(
            List.of(
                new GuestRegion(BASE, 8192, 0, 4096, -1, false),
                new GuestRegion(BASE + (1L << 32), 4096, 8192, 4096, 1L << 32, true)));
    Seeds.forEach(
        2000,
        seed -> {
          Random random = new Random(seed);
          byte[] garbled = sound.clone();
          for (int i = random.nextInt(4); i >= 0; i--) {
            garbled[random.nextInt(garbled.length)] = (byte) random.nextInt(256);
          }
          byte[] cut = Arrays.copyOf(garbled, random.nextInt(garbled.length + 1));
          for (byte[] message : List.of(garbled, cut)) {
            try {
              assertThat(Handshake.parse(message)).isNotEmpty();
            } catch (HandshakeException said) {
              assertThat(said.getMessage()).isNotBlank();
            }
          }
        });
  }

  @Test
  @Requires(Requirement.UFFD)
  void peerThatSaysNothingOrTooMuchOrForgetsItsDescriptorIsSentAway() throws Exception {
    try (UnixListener listener = UnixListener.bind(directory.resolve("s"))) {
      refused(listener, client -> {}, 50, "sent nothing in 50 ms");
      refused(listener, UnixSocket::close, 5000, "closed the connection");
      refused(listener, client -> client.send("[]".getBytes(UTF_8)), 5000, "without a userfaultfd");
      refused(
          listener,
          client -> client.send(new byte[Handshake.MOST_BYTES]),
          5000,
          "more than 65536 bytes");
      refused(
          listener,
          client -> {
            try (EventFd fd = new EventFd()) {
              client.send("[{}]".getBytes(UTF_8), fd.fd());
            }
          },
          5000,
          "base_host_virt_addr");
    }
  }

  private interface Greeting {
    void send(UnixSocket client) throws Exception;
  }

  private static void refused(
      UnixListener listener, Greeting greeting, long milliseconds, String message)
      throws Exception {
    UnixSocket client = UnixSocket.connect(listener.path());
    try (client) {
      UnixSocket server = listener.accept(5000);
      greeting.send(client);
      assertThatThrownBy(() -> Peer.greet(server, milliseconds))
          .isInstanceOf(HandshakeException.class)
          .hasMessageContaining(message);
      assertThat(server.fd().isClosed()).isTrue();
    }
  }

  private static List<GuestRegion> parse(String json) throws HandshakeException {
    return Handshake.parse(json.replace('\'', '"').getBytes(UTF_8));
  }
}
