package dev.faultscope.session;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What goes on and what went on not long ago, by name. Beyond so many the oldest that is over is
 * forgotten; what goes on never is. For many threads.
 *
 * @param <T> what it remembers
 */
public final class Recent<T> {
  private final int most;
  private final Predicate<T> isOver;
  private final Map<String, T> known = new LinkedHashMap<>();

  /**
   * Remembers nothing yet.
   *
   * @param most how many to remember, at least 1
   */
  public Recent(int most, Predicate<T> isOver) {
    this.most = most;
    this.isOver = isOver;
  }

  /** Remembers one more. */
  public synchronized void add(String name, T one) {
    known.put(name, one);
    Iterator<T> oldest = known.values().iterator();
    while (known.size() > most && oldest.hasNext()) {
      if (isOver.test(oldest.next())) {
        oldest.remove();
      }
    }
  }

  /** {@return what has a name} */
  public synchronized Optional<T> find(String name) {
    return Optional.ofNullable(known.get(name));
  }

  /** {@return what had a name and is forgotten now} */
  public synchronized Optional<T> forget(String name) {
    return Optional.ofNullable(known.remove(name));
  }

  /** {@return all that is known of, oldest first} */
  public synchronized List<T> all() {
    return List.copyOf(known.values());
  }
}
