package dev.faultscope.scenario.conform;

/**
 * Where two engines saw different things.
 *
 * @param index of the step after which they did
 * @param step the step, or the look at a thread after it
 * @param model what the engine under trial saw
 * @param real what the engine that is right saw
 * @param yaml the script up to there, which passes on the engine that is right only
 */
public record Divergence(int index, String step, String model, String real, String yaml) {}
