/** What every form that a recording can be written in has in common. */
@NullMarked
package dev.faultscope.trace.output;

import org.jspecify.annotations.NullMarked;
