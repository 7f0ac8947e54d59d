/** Recordings as text: one JSON object a line (docs/ndjson-format.md). */
@NullMarked
package dev.faultscope.trace.ndjson;

import org.jspecify.annotations.NullMarked;
