package dev.faultscope.scenario;

/** Reads the arguments of one action. */
@FunctionalInterface
interface ActionParser {
  Action parse(Fields fields);
}
