package dev.faultscope.scenario;

import java.util.EnumMap;
import java.util.Map;

/**
 * Costs that a scenario sets; others have their defaults.
 *
 * @param set nanoseconds by cost
 * @param readerPenalty by how many percent each further reader of a userfaultfd lengthens {@link
 *     Cost#UFFD_LOCK}
 */
public record Costs(Map<Cost, Long> set, int readerPenalty) {
  /** Fits the published throughput of one userfaultfd with 8 to 256 readers. */
  public static final int DEFAULT_READER_PENALTY = 2;

  public static final Costs DEFAULTS = new Costs(Map.of(), DEFAULT_READER_PENALTY);

  /** Nothing takes time. */
  public static final Costs NOTHING = nothing();

  public Costs {
    set = Map.copyOf(set);
  }

  /** {@return nanoseconds that something costs} */
  public long ns(Cost cost) {
    Long own = set.get(cost);
    return own == null ? cost.defaultNs() : own;
  }

  private static Costs nothing() {
    Map<Cost, Long> zeros = new EnumMap<>(Cost.class);
    for (Cost cost : Cost.values()) {
      zeros.put(cost, 0L);
    }
    return new Costs(zeros, 0);
  }

  static Costs parse(Fields fields) {
    Map<Cost, Long> set = new EnumMap<>(Cost.class);
    for (Cost cost : Cost.values()) {
      fields.written(cost.key(), Schema.value(Schema.Type.DURATION), cost.about());
      var node = fields.node(cost.key());
      if (node != null) {
        set.put(cost, Fields.duration(node));
      }
    }
    int penalty = (int) fields.number("reader-penalty", DEFAULT_READER_PENALTY, 0, 1000);
    fields.finish("costs");
    return new Costs(set, penalty);
  }
}
