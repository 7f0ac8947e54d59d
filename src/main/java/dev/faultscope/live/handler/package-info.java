/**
 * Serves one peer's memory: reads faults, holds them or answers them as a policy says, and journals
 * all of it.
 */
@NullMarked
package dev.faultscope.live.handler;

import org.jspecify.annotations.NullMarked;
