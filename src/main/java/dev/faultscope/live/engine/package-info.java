/** Plays scenario scripts on the real kernel, in a process that may sleep, fork and get SIGBUS. */
@NullMarked
package dev.faultscope.live.engine;

import org.jspecify.annotations.NullMarked;
