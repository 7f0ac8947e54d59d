/**
 * Who touched a page and when: off the sleeping thread's stack, and from a trace instance of our
 * own.
 */
@NullMarked
package dev.faultscope.live.origin;

import org.jspecify.annotations.NullMarked;
