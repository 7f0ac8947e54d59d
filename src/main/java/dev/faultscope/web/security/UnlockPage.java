package dev.faultscope.web.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * What a browser without the cookie gets for any page. Its script takes the token out of the
 * address's fragment, exchanges it for the cookie and loads the page that was asked for.
 */
final class UnlockPage {
  private static final byte[] PAGE = read();

  private UnlockPage() {}

  static void send(HttpServletResponse response) throws IOException {
    response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    response.setHeader("Cache-Control", "no-store");
    response.setContentType("text/html;charset=UTF-8");
    response.setContentLength(PAGE.length);
    response.getOutputStream().write(PAGE);
  }

  private static byte[] read() {
    try (InputStream in = UnlockPage.class.getResourceAsStream("/templates/unlock.html")) {
      if (in == null) {
        throw new IllegalStateException("templates/unlock.html is missing from the program");
      }
      return new String(in.readAllBytes(), UTF_8).getBytes(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
