package dev.faultscope.scenario;

import java.util.Arrays;

/** What things cost: what a scenario sets, and the defaults of the rest. */
public final class Costs {
  /** Fits the published throughput of one userfaultfd with 8 to 256 readers. */
  public static final int DEFAULT_READER_PENALTY = 2;

  public static final Costs DEFAULTS = new Costs(defaultNs(), DEFAULT_READER_PENALTY);

  /** Nothing takes time. */
  public static final Costs NOTHING = new Costs(new long[Cost.values().length], 0);

  /** By the ordinal of a {@link Cost}: several are asked for in every fault. */
  private final long[] ns;

  private final int readerPenalty;

  private Costs(long[] ns, int readerPenalty) {
    this.ns = ns;
    this.readerPenalty = readerPenalty;
  }

  /** {@return nanoseconds that something costs} */
  public long ns(Cost cost) {
    return ns[cost.ordinal()];
  }

  /**
   * {@return by how many percent each further reader of a userfaultfd lengthens {@link
   * Cost#UFFD_LOCK}}
   */
  public int readerPenalty() {
    return readerPenalty;
  }

  private static long[] defaultNs() {
    return Arrays.stream(Cost.values()).mapToLong(Cost::defaultNs).toArray();
  }

  static Costs parse(Fields fields) {
    long[] ns = defaultNs();
    for (Cost cost : Cost.values()) {
      fields.written(cost.key(), Schema.value(Schema.Type.DURATION), cost.about());
      var node = fields.node(cost.key());
      if (node != null) {
        ns[cost.ordinal()] = Fields.duration(node);
      }
    }
    int penalty = (int) fields.number("reader-penalty", DEFAULT_READER_PENALTY, 0, 1000);
    fields.finish("costs");
    return new Costs(ns, penalty);
  }
}
