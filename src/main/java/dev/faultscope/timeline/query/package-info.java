/**
 * The predicate language of search and breakpoints (docs/predicates.md): text to a checked tree to
 * a test of events that also tells which chunks it can skip.
 */
@NullMarked
package dev.faultscope.timeline.query;

import org.jspecify.annotations.NullMarked;
