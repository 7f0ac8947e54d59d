/**
 * Another process's userfaultfds, watched from outside: sampled from {@code /proc}, without taking
 * a message, touching a page or stopping a thread.
 */
@NullMarked
package dev.faultscope.live.watch;

import org.jspecify.annotations.NullMarked;
