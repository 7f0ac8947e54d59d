/** What handlers answer: one class a policy, all of them in {@link Policies}. */
@NullMarked
package dev.faultscope.simulation.policy;

import org.jspecify.annotations.NullMarked;
