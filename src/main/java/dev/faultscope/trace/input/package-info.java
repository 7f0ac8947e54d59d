/** What every importer reads from and reports to: a file, its regions, progress, and an account. */
@NullMarked
package dev.faultscope.trace.input;

import org.jspecify.annotations.NullMarked;
