package dev.faultscope.scenario.conform;

import dev.faultscope.scenario.Engine;
import java.util.List;

/** Says thread ids of one engine as names. */
record Names(Engine engine, List<String> threads) {
  /** {@return the name of a thread; 0 for none, the number where it is nobody's} */
  String of(long tid) {
    for (String thread : threads) {
      if (engine.tid(thread) == tid) {
        return thread;
      }
    }
    return "" + tid;
  }
}
