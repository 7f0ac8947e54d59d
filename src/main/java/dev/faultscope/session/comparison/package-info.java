/** One scenario under several handler policies, simulated or real, and what each came to. */
@NullMarked
package dev.faultscope.session.comparison;

import org.jspecify.annotations.NullMarked;
