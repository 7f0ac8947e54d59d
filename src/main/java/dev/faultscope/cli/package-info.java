/** The commands. */
@NullMarked
package dev.faultscope.cli;

import org.jspecify.annotations.NullMarked;
