/** The entry point: the only package that may use all others. */
@NullMarked
package dev.faultscope;

import org.jspecify.annotations.NullMarked;
