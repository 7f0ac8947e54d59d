package dev.faultscope.timeline;

import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The 16-bit codes that records, tiles and frames carry for page states, which are wider.
 *
 * <p>Code 0 is the state that a region's pages begin with. Codes up to 0x7fff are the states of
 * those bits. What needs more bits gets the next code from 0x8000 on, and the recording declares
 * it: few of the possible states ever occur. One thread adds, many may read.
 */
public final class StateCodes {
  /** The first code that is declared. */
  public static final int FIRST_DECLARED = 0x8000;

  private static final int MOST = 0x10000 - FIRST_DECLARED;

  private final Map<Integer, Integer> codes = new HashMap<>();
  private volatile int[] initial = new int[0];
  private volatile int[] declared = new int[0];

  /** The codes of a recording that has declared nothing. */
  public static final StateCodes NONE = new StateCodes();

  StateCodes() {}

  /** A region's pages begin in a state. */
  synchronized void add(Region region) {
    int[] grown = Arrays.copyOf(initial, region.index() + 1);
    grown[region.index()] = region.initial();
    initial = grown;
  }

  /** Takes in a declared state; throws {@link IllegalArgumentException} where it cannot be. */
  synchronized void add(int code, long state) {
    if (code != FIRST_DECLARED + declared.length || state < 0 || state > PageState.ALL) {
      throw new IllegalArgumentException("code " + code + " of page state " + state);
    }
    declare((int) state);
  }

  private int declare(int state) {
    int[] known = declared;
    if (known.length == MOST) {
      throw new IllegalArgumentException(
          "a recording has at most " + MOST + " states of pages beside the common ones");
    }
    int code = FIRST_DECLARED + known.length;
    int[] grown = Arrays.copyOf(known, known.length + 1);
    grown[known.length] = state;
    codes.put(state, code);
    declared = grown;
    return code;
  }

  /** {@return the states of the codes from {@link #FIRST_DECLARED} on; not to be changed} */
  int[] declared() {
    return declared;
  }

  /** {@return how many states are declared} */
  public int count() {
    return declared.length;
  }

  /** {@return the states of the codes from {@link #FIRST_DECLARED} on} */
  public int[] toArray() {
    return declared.clone();
  }

  /** {@return whether a record may carry a code} */
  boolean isCode(int code) {
    return code < FIRST_DECLARED + declared.length;
  }

  /** {@return the {@link PageState} of a code in a region} */
  public int state(int region, int code) {
    if (code == 0) {
      int[] begin = initial;
      return region < begin.length ? begin[region] : PageState.ABSENT;
    }
    if (code < FIRST_DECLARED) {
      return code;
    }
    int[] known = declared;
    int index = code - FIRST_DECLARED;
    return index < known.length ? known[index] : PageState.UNKNOWN;
  }

  /**
   * {@return the code after bits were cleared and others set; a state that is new is declared}
   * Whatever is said of a page makes it known.
   *
   * @throws IllegalArgumentException if the recording has no code left
   */
  int after(int region, int before, int clear, int set) {
    if ((clear | set) == 0) {
      return before;
    }
    if ((before | set) < FIRST_DECLARED && initial[region] == PageState.ABSENT) {
      return (before & ~clear) | set;
    }
    return code(region, (state(region, before) & ~(clear | PageState.UNKNOWN)) | set);
  }

  private int code(int region, int state) {
    if (state == initial[region]) {
      return 0;
    }
    if (state != 0 && state < FIRST_DECLARED) {
      return state;
    }
    synchronized (this) {
      Integer known = codes.get(state);
      return known != null ? known : declare(state);
    }
  }
}
