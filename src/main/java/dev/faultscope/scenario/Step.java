package dev.faultscope.scenario;

/**
 * One scripted step.
 *
 * @param line where it is written, from 1
 * @param text what it is called in a report: the action's name and its arguments
 */
public record Step(int line, String text, Action action, Expected expected) {}
