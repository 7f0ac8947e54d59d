/** Scenarios that can be started, and the runs of them that are under way. */
@NullMarked
package dev.faultscope.session.scenario;

import org.jspecify.annotations.NullMarked;
