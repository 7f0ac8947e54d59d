/**
 * The system calls Faultscope makes, their numbers, structures and constants, with the kernel's own
 * names.
 *
 * <p>The only package that links native code. A call answers its value or {@code -errno} in one
 * piece. Every number here is held against {@code src/test/resources/abi/abi.tsv}, which a C
 * program derived from kernel headers.
 */
@NullMarked
package dev.faultscope.linux.ffi;

import org.jspecify.annotations.NullMarked;
