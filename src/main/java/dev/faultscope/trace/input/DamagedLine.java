package dev.faultscope.trace.input;

/**
 * A line that could not be read.
 *
 * @param number its number in the file, from 1
 * @param reason what is wrong with it
 */
public record DamagedLine(long number, String reason) {}
