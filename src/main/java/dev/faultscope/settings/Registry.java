package dev.faultscope.settings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Everything of one sort by its name, in the order in which it was registered. Parsers, options,
 * forms and tables read what there is from here. For many threads.
 */
public final class Registry<D extends Described> {
  private final String what;
  private final List<D> all = new CopyOnWriteArrayList<>();

  /**
   * Makes an empty one.
   *
   * @param what it holds, in one word: {@code policy}
   */
  public Registry(String what) {
    this.what = what;
  }

  /** Takes back what was registered. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Adds one.
   *
   * @return what takes it back
   * @throws IllegalArgumentException if its name is taken, or is none: small letters and digits
   *     with {@code -} between
   */
  public synchronized Registration register(D entry) {
    if (!entry.name().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException("\"" + entry.name() + "\" is no name for a " + what);
    }
    if (find(entry.name()).isPresent()) {
      throw new IllegalArgumentException("there is a " + what + " " + entry.name() + " already");
    }
    all.add(entry);
    return () -> all.remove(entry);
  }

  /** {@return all there are} */
  public List<D> all() {
    return List.copyOf(all);
  }

  /** {@return the one of a name, however its case and whether with {@code -} or {@code _}} */
  public Optional<D> find(String name) {
    String key = name.strip().toLowerCase(Locale.ROOT).replace('_', '-');
    return all.stream().filter(each -> each.name().equals(key)).findFirst();
  }

  /**
   * {@return the one of a name}
   *
   * @throws IllegalArgumentException if there is none; the message says which there are
   */
  public D named(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is none of " + names()));
  }

  /** {@return their names, for a message} */
  public String names() {
    return all.stream().map(Described::name).collect(Collectors.joining(", "));
  }
}
