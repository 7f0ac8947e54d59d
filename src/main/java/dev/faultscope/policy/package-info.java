/**
 * What handlers answer: one class a policy, all of them in {@link Policies}, and the plans that
 * they make. Knows no time and no kernel, so every policy works on the simulated kernel and on a
 * real one.
 */
@NullMarked
package dev.faultscope.policy;

import org.jspecify.annotations.NullMarked;
