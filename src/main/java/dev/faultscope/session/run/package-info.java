/**
 * Scenarios under way: what writes a recording right now and takes commands. Neither Spring nor the
 * library of recordings is known here.
 */
@NullMarked
package dev.faultscope.session.run;

import org.jspecify.annotations.NullMarked;
