/**
 * Scenario files: parsed with the line of every mistake, and run against an {@link
 * dev.faultscope.scenario.Engine}, simulated or real. docs/scenario-format.md describes them.
 */
@NullMarked
package dev.faultscope.scenario;

import org.jspecify.annotations.NullMarked;
