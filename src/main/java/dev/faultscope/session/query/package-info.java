/**
 * Questions a view asks of a recording, and the answers as plain values: nothing here keeps state
 * or holds a thread, and every scan has a bound that the answer names when it was reached.
 */
@NullMarked
package dev.faultscope.session.query;

import org.jspecify.annotations.NullMarked;
