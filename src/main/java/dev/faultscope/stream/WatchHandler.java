package dev.faultscope.stream;

import dev.faultscope.session.Session;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/** The endpoint: one {@link Connection} a socket. */
final class WatchHandler extends AbstractWebSocketHandler implements SubProtocolCapable {
  static final String SUBPROTOCOL = "faultscope.v1";

  /** Attribute under which the handshake leaves the session. */
  static final String SESSION = "faultscope.session";

  /** Longest time one message may take to be handed to the network. */
  private static final long SEND_LIMIT_MS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(WatchHandler.class);

  private final Map<String, Connection> connections = new ConcurrentHashMap<>();

  @Override
  public List<String> getSubProtocols() {
    return List.of(SUBPROTOCOL);
  }

  @Override
  public void afterConnectionEstablished(WebSocketSession socket) throws IOException {
    if (!SUBPROTOCOL.equals(socket.getAcceptedProtocol())) {
      socket.close(CloseStatus.PROTOCOL_ERROR.withReason("speak " + SUBPROTOCOL));
      return;
    }
    if (!(socket.getAttributes().get(SESSION) instanceof Session session)) {
      socket.close(CloseStatus.SERVER_ERROR.withReason("no such recording"));
      return;
    }
    if (socket instanceof StandardWebSocketSession standard) {
      standard
          .getNativeSession()
          .getUserProperties()
          .put("org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", SEND_LIMIT_MS);
    }
    Connection connection = new Connection(session, new SocketOutbound(socket));
    connections.put(socket.getId(), connection);
    connection.awaitHello();
  }

  @Override
  protected void handleTextMessage(WebSocketSession socket, TextMessage message) {
    Connection connection = connections.get(socket.getId());
    if (connection != null) {
      connection.hear(message.getPayload());
    }
  }

  @Override
  protected void handleBinaryMessage(WebSocketSession socket, BinaryMessage message)
      throws IOException {
    socket.close(CloseStatus.NOT_ACCEPTABLE.withReason("clients speak JSON text"));
  }

  @Override
  public void handleTransportError(WebSocketSession socket, Throwable error) {
    LOG.debug("Socket {}: {}", socket.getId(), error.toString());
  }

  @Override
  public void afterConnectionClosed(WebSocketSession socket, CloseStatus status) {
    Connection connection = connections.remove(socket.getId());
    if (connection != null) {
      connection.close();
    }
  }

  /** {@return how many browsers watch} */
  int connections() {
    return connections.size();
  }
}
