package dev.faultscope.stream;

/**
 * How many browsers may watch at once, over all recordings.
 *
 * @param viewers at least 1
 */
public record ViewerLimit(int viewers) {}
