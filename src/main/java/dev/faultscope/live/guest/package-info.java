/**
 * A guest of our own, which lives in a process of its own: memory, threads or real vCPUs that touch
 * it, and the check that every byte was right.
 */
@NullMarked
package dev.faultscope.live.guest;

import org.jspecify.annotations.NullMarked;
