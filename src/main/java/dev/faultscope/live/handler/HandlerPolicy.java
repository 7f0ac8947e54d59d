package dev.faultscope.live.handler;

import dev.faultscope.policy.AccessOracle;
import dev.faultscope.policy.HandledPages;
import dev.faultscope.policy.PageOrder;
import dev.faultscope.policy.Policy;
import dev.faultscope.policy.PolicySpec;
import dev.faultscope.workload.RecordedAccesses;
import dev.faultscope.workload.Recordings;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What handlers of real memory answer, and what they know of what will be accessed.
 *
 * @param seed of the random numbers of policies that draw
 */
public record HandlerPolicy(PolicySpec spec, Foresight foresight, long seed) {
  private static final Foresight BLIND =
      handled -> {
        throw new IllegalArgumentException("nobody knows what this peer will access");
      };

  /** Knows what will be accessed, once the pages are known. */
  @FunctionalInterface
  public interface Foresight {
    /** {@return who is asked for what will be accessed of these pages} */
    AccessOracle of(HandledPages handled);
  }

  /**
   * {@return the policy of a text, for a peer of which nothing is known}
   *
   * @throws IllegalArgumentException if it is no policy, or one that foresees
   */
  public static HandlerPolicy parse(String text) {
    return parse(text, Recordings.NONE);
  }

  /**
   * {@return the policy of a text, for a peer of which nothing is known but recordings}
   *
   * @param text as {@link PolicySpec#parse} reads it
   * @param recordings finds the recording that it names
   * @throws IllegalArgumentException if it is no policy, or one that foresees and names no
   *     recording, or there is no such recording; the message says what to do
   */
  public static HandlerPolicy parse(String text, Recordings recordings) {
    PolicySpec spec = PolicySpec.parse(text);
    String name = spec.recording();
    if (name == null) {
      if (spec.type().foresees()) {
        throw new IllegalArgumentException(
            "policy %s must know what will be accessed: name a recording, as in %s:%s=NAME"
                .formatted(spec.type().name(), spec.type().name(), PolicySpec.RECORDING));
      }
      return new HandlerPolicy(spec, BLIND, 0);
    }
    RecordedAccesses accesses = recordings.accesses(name);
    return new HandlerPolicy(
        spec,
        handled -> {
          PageOrder order = new PageOrder(handled.pages());
          for (int i = 0; i < accesses.size(); i++) {
            order.add(accesses.page(i));
          }
          return new Known(order.toArray());
        },
        0);
  }

  /**
   * {@return a policy that knows pages by where they are in the memory file}
   *
   * @param offsets bytes from the file's start, in the order of the first access
   */
  public static HandlerPolicy ofOffsets(PolicySpec spec, List<Long> offsets) {
    List<Long> known = List.copyOf(offsets);
    return new HandlerPolicy(
        spec,
        handled -> {
          PageOrder order = new PageOrder(handled.pages());
          known.forEach(offset -> order.add(handled.pageOfFile(offset)));
          return new Known(order.toArray());
        },
        0);
  }

  /** {@return it at work on a handler's pages} */
  Policy make(HandledPages handled) {
    AccessOracle oracle = spec.type().foresees() ? foresight.of(handled) : new Known(new int[0]);
    return spec.make(handled, oracle, new SplittableRandom(seed));
  }

  /** One order for every question: what was accessed before will be again. */
  private static final class Known implements AccessOracle {
    private final int[] pages;

    Known(int[] pages) {
      this.pages = pages;
    }

    @Override
    public int[] thisRun() {
      return pages;
    }

    @Override
    public int[] earlierRun() {
      return pages;
    }

    @Override
    public int[] recording(String name) {
      return pages;
    }
  }
}
