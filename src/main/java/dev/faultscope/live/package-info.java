/**
 * A real userfaultfd as a source of events: the handshake with whoever owns the memory, the loop
 * that answers its faults, and the hand on that loop.
 *
 * <p>The memory itself belongs to another process and is never mapped here; it is filled through
 * ioctls from a private mapping of the memory file.
 */
@NullMarked
package dev.faultscope.live;

import org.jspecify.annotations.NullMarked;
