/** The recordings of the data directory: files, imports under way, and recordings that grow. */
@NullMarked
package dev.faultscope.session.library;

import org.jspecify.annotations.NullMarked;
