package dev.faultscope.policy;

import dev.faultscope.settings.Settings;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a policy of one handler is made from.
 *
 * @param settings a value for each of its parameters
 * @param handled the handler's pages
 * @param oracle for policies that know what will be accessed
 * @param random for policies that draw
 * @param recording name of the recording that it learns from, null for none
 */
public record PolicyContext(
    Settings settings,
    HandledPages handled,
    AccessOracle oracle,
    RandomGenerator random,
    @Nullable String recording) {}
