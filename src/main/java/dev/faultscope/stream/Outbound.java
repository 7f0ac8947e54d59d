package dev.faultscope.stream;

import java.io.IOException;

/**
 * Where a viewer's messages go. Both methods block until the message is handed to the network, a
 * bounded time; one thread uses them.
 */
interface Outbound {
  void text(String message) throws IOException;

  void binary(byte[] frame) throws IOException;

  /** Ends the connection. */
  void close(String reason);
}
