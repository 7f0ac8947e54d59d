package dev.faultscope.scenario;

/**
 * A userfaultfd that exists before the first step.
 *
 * @param name what steps call it
 * @param flags of userfaultfd(2)
 * @param features wanted in UFFDIO_API
 * @param handshake whether UFFDIO_API was done
 */
public record UffdSpec(String name, long flags, long features, boolean handshake) {}
