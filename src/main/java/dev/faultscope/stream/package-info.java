/**
 * How a browser watches an exploration: the wire protocol of docs/wire-protocol.md over a
 * WebSocket.
 *
 * <p>A viewer that stops reading costs one dirty bit a page and nothing else; it converges to the
 * newest states when it returns.
 */
@NullMarked
package dev.faultscope.stream;

import org.jspecify.annotations.NullMarked;
