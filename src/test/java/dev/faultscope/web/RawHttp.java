package dev.faultscope.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** HTTP by hand: says what no well-behaved client would say. */
public final class RawHttp {
  private final int port;

  public RawHttp(int port) {
    this.port = port;
  }

  /**
   * An answer.
   *
   * @param status its code
   * @param text headers and body
   */
  public record Answer(int status, String text) {
    public String header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return text.lines()
          .takeWhile(line -> !line.isEmpty())
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .findFirst()
          .orElse("");
    }

    public String body() {
      int at = text.indexOf("\r\n\r\n");
      return at < 0 ? "" : text.substring(at + 4);
    }
  }

  /** Sends a request with exactly these headers; {@code Host} is added where none is among them. */
  public Answer send(String method, String path, String body, String... headers)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(method + " " + path + " HTTP/1.1");
    if (Arrays.stream(headers).noneMatch(h -> h.toLowerCase(Locale.ROOT).startsWith("host:"))) {
      lines.add("Host: " + host());
    }
    lines.addAll(List.of(headers));
    if (!body.isEmpty()) {
      lines.add("Content-Length: " + body.length());
    }
    if (Arrays.stream(headers)
        .noneMatch(h -> h.toLowerCase(Locale.ROOT).startsWith("connection:"))) {
      lines.add("Connection: close");
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write((String.join("\r\n", lines) + "\r\n\r\n" + body).getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      return read(socket.getInputStream());
    }
  }

  public Answer get(String path, String... headers) throws IOException {
    return send("GET", path, "", headers);
  }

  public String host() {
    return "127.0.0.1:" + port;
  }

  /** {@return the cookie that a token is exchanged for, as a request header} */
  public String cookie(String token) throws IOException {
    Answer answer =
        send("POST", "/auth", "{\"token\":\"" + token + "\"}", "Content-Type: application/json");
    return "Cookie: " + answer.header("Set-Cookie").split(";", 2)[0];
  }

  /** The server may keep a connection open to read what is left of a refused body. */
  private static boolean isWhole(String text) {
    int bodyAt = text.indexOf("\r\n\r\n") + 4;
    if (bodyAt < 4) {
      return false;
    }
    Answer answer = new Answer(0, text);
    if (answer.header("Transfer-Encoding").equals("chunked")) {
      return text.endsWith("0\r\n\r\n");
    }
    String length = answer.header("Content-Length");
    return length.isEmpty()
        ? text.startsWith("HTTP/1.1 101")
        : text.length() - bodyAt >= Integer.parseInt(length);
  }

  private static Answer read(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[8192];
    int n;
    while ((n = in.read(buffer)) > 0) {
      text.append(new String(buffer, 0, n, ISO_8859_1));
      if (isWhole(text.toString())) {
        break;
      }
    }
    String all = text.toString();
    int status = all.length() > 12 ? Integer.parseInt(all.substring(9, 12)) : 0;
    return new Answer(status, all);
  }
}
