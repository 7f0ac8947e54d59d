/**
 * The path through the kernel at one moment of a recording, as nested frames with the moment's own
 * values: a pure derivation from an event and what led to it.
 */
@NullMarked
package dev.faultscope.session.kernelview;

import org.jspecify.annotations.NullMarked;
