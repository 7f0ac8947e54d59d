package dev.faultscope.session.comparison;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a comparison is and what it came to.
 *
 * @param title the scenario's
 * @param message why it failed or was cancelled; empty otherwise
 * @param done runs that ended
 * @param total runs that it takes
 * @param current policy of the run under way, null for none
 * @param currentEvents events of that run so far
 * @param engines where each policy runs, in this order
 * @param workers names of the threads and vCPUs that have a workload
 * @param runs those that ended, seed by seed
 * @param ratios real figures as multiples of the simulated ones, where both ran
 */
public record ComparisonView(
    String id,
    String title,
    Comparison.State state,
    String message,
    int done,
    int total,
    @Nullable String current,
    long currentEvents,
    List<String> policies,
    List<Long> seeds,
    List<String> engines,
    List<String> workers,
    List<Measured> runs,
    List<Ratio> ratios) {}
