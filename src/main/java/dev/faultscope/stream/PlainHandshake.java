package dev.faultscope.stream;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/**
 * A handshake that negotiates no extension. permessage-deflate would hold two compressors a socket
 * to save little: snapshots are run-length coded, differences are small.
 *
 * <p>Tomcat offers it whatever the handshake handler wishes, so the request must not ask for it.
 */
final class PlainHandshake implements HandshakeHandler {
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

  private final DefaultHandshakeHandler handshake = new DefaultHandshakeHandler();

  @Override
  public boolean doHandshake(
      ServerHttpRequest request,
      ServerHttpResponse response,
      WebSocketHandler handler,
      Map<String, Object> attributes) {
    ServerHttpRequest plain =
        request instanceof ServletServerHttpRequest servlet
            ? new ServletServerHttpRequest(new WithoutExtensions(servlet.getServletRequest()))
            : request;
    return handshake.doHandshake(plain, response, handler, attributes);
  }

  private static final class WithoutExtensions extends HttpServletRequestWrapper {
    WithoutExtensions(HttpServletRequest request) {
      super(request);
    }

    @Override
    public @Nullable String getHeader(String name) {
      return EXTENSIONS.equalsIgnoreCase(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return EXTENSIONS.equalsIgnoreCase(name)
          ? Collections.emptyEnumeration()
          : super.getHeaders(name);
    }
  }
}
