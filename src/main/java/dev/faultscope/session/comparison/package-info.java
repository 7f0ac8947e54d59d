/** One scenario under several handler policies, in simulated time, and what each came to. */
@NullMarked
package dev.faultscope.session.comparison;

import org.jspecify.annotations.NullMarked;
