package dev.faultscope.stream;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.standard.ServletServerContainerFactoryBean;

/** Where the endpoint is, and its limits. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class WebSocketConfiguration implements WebSocketConfigurer {
  /** Most bytes of a client message. */
  static final int MAX_CLIENT_BYTES = 16 * 1024;

  private static final String PATH = "/ws/sessions/";

  private final SessionFinder recordings;
  private final ViewerLimit limit;

  WebSocketConfiguration(SessionFinder recordings, ViewerLimit limit) {
    this.recordings = recordings;
    this.limit = limit;
  }

  @Override
  public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
    WatchHandler handler = new WatchHandler();
    registry
        .addHandler(handler, PATH + "{id}")
        .setHandshakeHandler(new PlainHandshake())
        .addInterceptors(new OpenRecording(handler));
  }

  @Bean
  static ServletServerContainerFactoryBean webSocketContainer() {
    ServletServerContainerFactoryBean container = new ServletServerContainerFactoryBean();
    container.setMaxTextMessageBufferSize(MAX_CLIENT_BYTES);
    container.setMaxBinaryMessageBufferSize(1024);
    return container;
  }

  /** Finds the recording before the socket is there, so that a wrong address is a plain 404. */
  private final class OpenRecording implements HandshakeInterceptor {
    private final WatchHandler handler;

    OpenRecording(WatchHandler handler) {
      this.handler = handler;
    }

    @Override
    public boolean beforeHandshake(
        ServerHttpRequest request,
        ServerHttpResponse response,
        WebSocketHandler target,
        Map<String, Object> attributes) {
      if (handler.connections() >= limit.viewers()) {
        response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
        return false;
      }
      String path = request.getURI().getPath();
      return recordings
          .open(path.substring(path.lastIndexOf('/') + 1))
          .map(
              session -> {
                attributes.put(WatchHandler.SESSION, session);
                return true;
              })
          .orElseGet(
              () -> {
                response.setStatusCode(HttpStatus.NOT_FOUND);
                return false;
              });
    }

    @Override
    public void afterHandshake(
        ServerHttpRequest request,
        ServerHttpResponse response,
        WebSocketHandler target,
        @Nullable Exception error) {}
  }
}
