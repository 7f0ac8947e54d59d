/**
 * Random scripts, played on two engines that must see the same, and the smallest that shows a
 * difference.
 */
@NullMarked
package dev.faultscope.scenario.conform;

import org.jspecify.annotations.NullMarked;
