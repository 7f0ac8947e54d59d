/** Recordings of our own, read and written as any other form is. */
@NullMarked
package dev.faultscope.trace.fscope;

import org.jspecify.annotations.NullMarked;
