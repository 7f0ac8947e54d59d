package dev.faultscope.scenario;

/** A range of bytes that starts at a place. */
public record Span(Place start, long bytes) {}
