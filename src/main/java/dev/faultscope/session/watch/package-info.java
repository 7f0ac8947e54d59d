/** Processes that are watched from outside, without touching them, into growing recordings. */
@NullMarked
package dev.faultscope.session.watch;

import org.jspecify.annotations.NullMarked;
