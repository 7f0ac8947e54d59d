/**
 * How a peer hands over its userfaultfd: Firecracker's handshake at a socket, and the rescue of a
 * process whose handler died.
 */
@NullMarked
package dev.faultscope.live.attach;

import org.jspecify.annotations.NullMarked;
