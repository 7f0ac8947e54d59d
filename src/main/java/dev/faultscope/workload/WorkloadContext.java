package dev.faultscope.workload;

import dev.faultscope.settings.Settings;
import java.util.random.RandomGenerator;

/**
 * What the order of one thread is made from.
 *
 * @param pages how many there are, from 0
 * @param settings a value for each of its parameters
 * @param random this thread's own random numbers
 * @param recorded accesses to follow, for {@link RecordedAccesses#pageOf} and {@link
 *     RecordedAccesses#isWrite}; empty where it follows none
 */
public record WorkloadContext(
    int pages, Settings settings, RandomGenerator random, int[] recorded) {}
