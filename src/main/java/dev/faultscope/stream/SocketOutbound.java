package dev.faultscope.stream;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;

/** Sends over a WebSocket. The container ends a send that takes longer than its limit. */
final class SocketOutbound implements Outbound {
  private static final Logger LOG = LoggerFactory.getLogger(SocketOutbound.class);

  private final WebSocketSession socket;

  SocketOutbound(WebSocketSession socket) {
    this.socket = socket;
  }

  @Override
  public void text(String message) throws IOException {
    socket.sendMessage(new TextMessage(message));
  }

  @Override
  public void binary(byte[] frame) throws IOException {
    socket.sendMessage(new BinaryMessage(frame));
  }

  @Override
  public void close(String reason) {
    try {
      socket.close(CloseStatus.SERVER_ERROR.withReason(reason));
    } catch (IOException | IllegalStateException e) {
      LOG.debug("Socket {} was gone already: {}", socket.getId(), e.toString());
    }
  }
}
