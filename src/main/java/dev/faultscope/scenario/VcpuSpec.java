package dev.faultscope.scenario;

/**
 * A virtual processor of a scenario.
 *
 * @param name what steps call it, also where they want a thread
 */
public record VcpuSpec(String name) {}
