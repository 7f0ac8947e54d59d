package dev.faultscope.live.origin;

import dev.faultscope.model.AccessOrigin;
import java.util.Map;
import java.util.TreeMap;

/** How often each origin was found on a sleeping thread's stack. For one thread. */
public final class OriginCounts {
  /** Different answers that are counted; a kernel has far fewer. */
  private static final int MOST = 256;

  private final Map<String, Long> counts = new TreeMap<>();

  /**
   * Counts one; an unknown one is none.
   *
   * @return what to note about it: it is the first of its kind; empty otherwise
   */
  public String add(StackOrigin origin) {
    String text = origin.text();
    if (origin.origin() == AccessOrigin.UNKNOWN
        || (counts.size() == MOST && !counts.containsKey(text))) {
      return "";
    }
    boolean first = counts.merge(text, 1L, Long::sum) == 1;
    return first ? "seen on a sleeping thread's kernel stack: " + text : "";
  }

  /** {@return how often each was found, by its words} */
  public Map<String, Long> all() {
    return Map.copyOf(counts);
  }
}
