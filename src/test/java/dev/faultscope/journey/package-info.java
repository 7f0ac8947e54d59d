/** What a person does in a browser, from one end to the other. */
@NullMarked
package dev.faultscope.journey;

import org.jspecify.annotations.NullMarked;
